-- Rules about people by hand, each a column of its name: one pass over the people of those households that some rule asks
-- about, each ledger added up once.
WITH asked AS MATERIALIZED (
  SELECT id, village, (status IN ('poor', 'returned', 'exited_supported', 'exited_stable', 'suspended', 'removed')
    OR monitoring IN ('unstable_exit', 'marginal', 'sudden_hardship')) AS helped
  FROM household WHERE ended_on IS NULL
    AND (status IN ('poor', 'returned', 'exited_supported', 'exited_stable', 'suspended', 'removed')
      OR monitoring IN ('unstable_exit', 'marginal', 'sudden_hardship')) IS NOT FALSE),
place AS (
  SELECT a.code AS village,
    bool_or(d.ledger = 'disabilities' AND d.period = '') AS disabilities,
    bool_or(d.ledger = 'serious_treatment' AND d.period = '2019') AS serious_treatment,
    bool_or(d.ledger = 'medical_bills' AND d.period = '2019') AS medical_bills,
    bool_or(d.ledger = 'medical_insurance' AND d.period = '2019') AS medical_insurance,
    bool_or(d.ledger = 'micro_loans' AND d.period = '') AS micro_loans,
    bool_or(d.ledger = 'jobs' AND d.period = '') AS jobs,
    bool_or(d.ledger = 'school_roll' AND d.period = '2019-H1') AS school_roll,
    bool_or(d.ledger = 'school_subsidies' AND d.period = '2019-H1') AS school_subsidies
  FROM area a LEFT JOIN delivery d ON d.area IN (a.code, left(a.code, 9), left(a.code, 6))
  WHERE a.level = 'village' GROUP BY a.code),
head AS (
  SELECT household, count(*) FILTER (relation = 'head' OR relation IS NULL) AS maybe,
    count(*) FILTER ((relation = 'head' OR relation IS NULL) AND birth IS NULL) AS undated,
    max(birth) FILTER (relation = 'head') AS youngest, min(birth) FILTER (relation = 'head') AS oldest,
    max(birth) FILTER (relation IS NULL) AS maybe_youngest, min(birth) FILTER (relation IS NULL) AS maybe_oldest
  FROM person WHERE present = 1 AND household IN (SELECT id FROM asked) GROUP BY household),
disability AS (SELECT subject, any_of(level IS NOT NULL) AS certified FROM ledger_disabilities GROUP BY subject),
treatment AS (SELECT subject, any_of(year = 2019 AND state IN ('under_way', 'treated')) AS treated FROM ledger_serious_treatment GROUP BY subject),
bill AS (SELECT subject, any_of(basic_paid + serious_paid + assistance_paid > cost) AS overpaid, any_of(in_policy > cost) AS above FROM ledger_medical_bills GROUP BY subject),
insurance AS (SELECT subject, any_of(year = 2019 AND serious = 1 AND enrolled = 0) AS serious_alone FROM ledger_medical_insurance GROUP BY subject),
loan AS (SELECT subject, any_of(due_on < lent_on) AS due_before, any_of(repaid > lent) AS repaid_more FROM ledger_micro_loans GROUP BY subject),
job AS (SELECT subject, any_of(stopped_on IS NULL) AS running FROM ledger_jobs GROUP BY subject),
roll AS (SELECT subject, any_of(year = 2019) AS this_year, any_value(mode) FILTER (period = '2019-H1') AS mode FROM ledger_school_roll GROUP BY subject),
subsidy AS (SELECT subject, any_of(year = 2019 AND amount > 0) AS paid FROM ledger_school_subsidies GROUP BY subject),
known AS (
  SELECT p.*, h.village AS lies_in, h.helped,
    p.schooling IN ('preschool', 'primary', 'junior', 'senior', 'vocational', 'college', 'university') AS student,
    p.disabled = 0 AND p.chronic = 0 AND p.serious_illness = 0 AS healthy,
    p.labour IN ('lost', 'none') AS unable,
    CASE WHEN head.youngest >= p.birth THEN true
         WHEN head.undated > 0 OR head.maybe_youngest >= p.birth OR (p.birth IS NULL AND head.maybe > 0) THEN NULL ELSE false END AS head_younger,
    CASE WHEN head.oldest <= p.birth THEN true
         WHEN head.undated > 0 OR head.maybe_oldest <= p.birth OR (p.birth IS NULL AND head.maybe > 0) THEN NULL ELSE false END AS head_older,
    CASE WHEN disability.subject IS NOT NULL THEN certified WHEN place.disabilities THEN false END AS certified,
    CASE WHEN treatment.subject IS NOT NULL THEN treated WHEN place.serious_treatment THEN false END AS treated,
    CASE WHEN bill.subject IS NOT NULL THEN overpaid WHEN place.medical_bills THEN false END AS overpaid,
    CASE WHEN bill.subject IS NOT NULL THEN above WHEN place.medical_bills THEN false END AS policy_above,
    CASE WHEN insurance.subject IS NOT NULL THEN serious_alone WHEN place.medical_insurance THEN false END AS serious_alone,
    CASE WHEN loan.subject IS NOT NULL THEN due_before WHEN place.micro_loans THEN false END AS due_before,
    CASE WHEN loan.subject IS NOT NULL THEN repaid_more WHEN place.micro_loans THEN false END AS repaid_more,
    CASE WHEN job.subject IS NOT NULL THEN running WHEN place.jobs THEN false END AS job_running,
    CASE WHEN roll.subject IS NOT NULL THEN roll.this_year WHEN place.school_roll THEN false END AS on_roll,
    roll.mode AS roll_mode,
    CASE WHEN subsidy.subject IS NOT NULL THEN paid WHEN place.school_subsidies THEN false END AS subsidised
  FROM person p JOIN asked h ON h.id = p.household
  LEFT JOIN place ON place.village = h.village LEFT JOIN head ON head.household = p.household
  LEFT JOIN disability ON disability.subject = p.id LEFT JOIN treatment ON treatment.subject = p.id
  LEFT JOIN bill ON bill.subject = p.id LEFT JOIN insurance ON insurance.subject = p.id LEFT JOIN loan ON loan.subject = p.id
  LEFT JOIN job ON job.subject = p.id LEFT JOIN roll ON roll.subject = p.id LEFT JOIN subsidy ON subsidy.subject = p.id
  WHERE p.present = 1)
SELECT id, lies_in AS village,
  contradiction(helped, relation = 'spouse' AND birth > '1999-06-03') AS "record.spouse_young",
  contradiction(helped, relation = 'child' AND head_younger) AS "record.child_older",
  contradiction(helped, relation = 'parent' AND head_older) AS "record.parent_younger",
  contradiction(helped, relation = 'grandchild' AND head_younger) AS "record.grandchild_older",
  contradiction(helped, relation = 'grandparent' AND head_older) AS "record.grandparent_younger",
  contradiction(helped, id_valid = 0) AS "record.id_invalid",
  contradiction(helped, sex <> id_sex AND sex <> 'unknown' AND id_sex <> 'unknown') AS "record.id_sex",
  contradiction(helped, birth <> id_birth) AS "record.id_birth",
  contradiction(helped, birth > '2019-06-03') AS "record.birth_future",
  contradiction(helped, birth <= '1908-06-03') AS "record.very_old",
  contradiction(helped, id_kind = 'disability' AND disabled = 0) AS "record.document_disability_unmarked",
  contradiction(helped, certified AND disabled = 0) AS "record.certificate_unmarked",
  contradiction(helped, disabled = 1 AND NOT certified) AS "record.disabled_uncertified",
  contradiction(helped, treated AND serious_illness = 0) AS "record.treated_unmarked",
  contradiction(helped, overpaid) AS "record.paid_above_cost",
  contradiction(helped, policy_above) AS "record.policy_above_cost",
  contradiction(helped, serious_alone) AS "record.serious_without_basic",
  contradiction(helped, due_before) AS "record.loan_dates",
  contradiction(helped, repaid_more) AS "record.loan_repaid_more",
  contradiction(helped, work_months < 0 OR work_months > 12) AS "record.months_range",
  contradiction(helped, unable AND work_months > 0) AS "record.no_labour_works",
  contradiction(helped, birth <= '2003-06-03' AND birth > '1953-06-03' AND healthy AND NOT student AND unable) AS "record.healthy_no_labour",
  contradiction(helped, birth > '2003-06-03' AND labour IN ('skilled', 'ordinary', 'weak')) AS "record.child_labour",
  contradiction(helped, schooling IN ('primary', 'junior', 'senior') AND work_months > 0) AS "record.student_works",
  contradiction(helped, work_place IN ('county', 'city', 'province', 'outside') AND work_months = 0) AS "record.place_without_months",
  contradiction(helped, work_place = 'none' AND work_months > 0) AS "record.months_without_place",
  contradiction(helped, unable AND job_running) AS "record.no_labour_job_help",
  contradiction(helped, in_service = 1 AND birth > '2001-06-03') AS "record.soldier_young",
  contradiction(helped, student AND birth <= '1988-06-03') AS "record.student_old",
  contradiction(helped, birth <= '2013-06-03' AND birth > '2004-06-03' AND healthy AND schooling IN ('not_student', 'left')) AS "record.child_not_student",
  contradiction(helped, schooling IN ('senior', 'vocational') AND birth > '2004-06-03') AS "record.senior_young",
  contradiction(helped, schooling = 'primary' AND birth <= '2003-06-03') AS "record.primary_old",
  contradiction(helped, schooling = 'preschool' AND birth <= '2011-06-03') AS "record.preschool_old",
  contradiction(helped, schooling IN ('junior', 'senior', 'vocational', 'college', 'university') AND education = 'none') AS "record.education_behind",
  contradiction(helped, schooling = 'primary' AND education IN ('senior', 'vocational', 'college', 'university')) AS "record.education_ahead",
  contradiction(helped, on_roll AND roll_mode IN ('at_school', 'elsewhere') AND schooling IN ('not_student', 'left')) AS "record.roll_unlike_register",
  contradiction(helped, on_roll AND roll_mode = 'dropped_out' AND student) AS "record.roll_dropped_unlike_register",
  contradiction(helped, schooling IN ('not_student', 'left') AND subsidised) AS "record.subsidy_not_student"
FROM known

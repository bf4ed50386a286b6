#pragma once
// From what a row of a workbook says to the household, person or village it is about. Nothing is invented: a row that
// finds nobody, or more than one, says so.

#include "ledger/layout.h"
#include "store/session.h"

#include <optional>
#include <span>
#include <unordered_map>

namespace yihu::ledger {

/// What a row says about its subject, already read from its cells.
struct SubjectKeys {
  std::string id_number;
  std::string id_index;      ///< of id_number, as the register keeps it
  std::string id_index_of_18;  ///< of a number of 15 digits: of the same person's number of 18
  std::string code;
  std::string name;
  std::string birth;         ///< "1960-05-04"
  std::string village;       ///< its name
  std::string village_code;
};

struct FoundSubject {
  std::string id;
  std::string area;
  std::string label;   ///< name, for the dry run's lines
};

class SubjectFinder {
 public:
  SubjectFinder(const LedgerTable& table, const Reach& reach, Match match) : table_(table), reach_(reach), match_(match) {}

  /// Looks those up that are found by a number, many at a time; `find` of the same keys then asks nothing more.
  base::Done prepare(store::Session& session, std::span<const SubjectKeys* const> keys);

  /// Errors: not_found "subject_unknown" (also beyond the reach); input "subject_ambiguous" (more than one),
  /// "subject_key_missing" (the row does not say enough).
  base::Result<FoundSubject> find(store::Session& session, const SubjectKeys& keys);

 private:
  struct Candidate {
    FoundSubject subject;
    std::string helper;
  };
  base::Result<std::vector<Candidate>> candidates(store::Session& session, const SubjectKeys& keys);
  base::Result<std::string> village_code(store::Session& session, const SubjectKeys& keys);

  const LedgerTable& table_;
  const Reach& reach_;
  Match match_;
  std::map<std::string, std::vector<std::string>> villages_;  ///< name → codes, read once
  bool villages_read_ = false;
  std::unordered_map<std::string, std::vector<Candidate>> prepared_;  ///< by number
};

}  // namespace yihu::ledger

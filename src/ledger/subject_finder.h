#pragma once
// From what a row of a workbook says to the household, person or village it is about. Nothing is invented: a row that
// finds nobody, or more than one, says so.

#include "ledger/layout.h"
#include "store/secret.h"

#include <optional>

namespace yihu::ledger {

/// What a row says about its subject, already read from its cells.
struct SubjectKeys {
  std::string id_number;
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
  SubjectFinder(store::Session& session, const store::Secrets& secrets, const LedgerTable& table, const Reach& reach, Match match)
      : session_(session), secrets_(secrets), table_(table), reach_(reach), match_(match) {}

  /// Errors: not_found "subject_unknown" (also beyond the reach); input "subject_ambiguous" (more than one),
  /// "subject_key_missing" (the row does not say enough).
  base::Result<FoundSubject> find(const SubjectKeys& keys);

 private:
  base::Result<std::vector<store::Row>> candidates(const SubjectKeys& keys);
  base::Result<std::string> village_code(const SubjectKeys& keys);

  store::Session& session_;
  const store::Secrets& secrets_;
  const LedgerTable& table_;
  const Reach& reach_;
  Match match_;
  std::map<std::string, std::vector<std::string>> villages_;  ///< name → codes, read once
  bool villages_read_ = false;
};

}  // namespace yihu::ledger

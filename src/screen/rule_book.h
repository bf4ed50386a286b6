#pragma once
// The rules of the packs, compiled and ready to be asked: which there are, what each reads, and the SQL that asks many
// of them at once.

#include "pack/pack.h"
#include "rule/compiler.h"
#include "rule/query.h"
#include "screen/outcome.h"
#include "store/session.h"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace yihu::screen {

/// One statement for the live store; column i + 1 of its rows is expression columns[i].
struct Statement {
  store::Sql sql;
  std::vector<std::size_t> columns;
  bool takes_today = false;  ///< has the parameter :today
};

/// What stands in braces in a rule's sentences and is a value of the subject: {household.arable_mu}. What is not, such
/// as a name, is filled in where somebody looks, who may see it.
struct Wording {
  std::vector<std::string> names;             ///< "household.arable_mu"
  std::vector<rule::Expression> expressions;  ///< as many
  std::vector<Statement> statements;          ///< which ask for all of them
};

/// A rule with its checked expressions.
struct CompiledRule {
  const pack::Rule* rule = nullptr;   ///< in the book's pack
  std::string version;                ///< hash of its text, of the facts it uses and of the parameters' values
  std::optional<rule::Expression> first;   ///< applies or eligible; none: everybody
  std::optional<rule::Expression> second;  ///< holds, received or when; always there
  std::optional<rule::Expression> amount;  ///< money per subject and year
  std::optional<rule::Expression> level;
  rule::Reads reads;                  ///< of all of them
  rule::Period period = rule::Period::none;  ///< the coarsest of the ledgers it reads: what a finding is true of
  Wording wording;                    ///< of what it says

  const std::string& id() const { return rule->id; }
  bool reads_table(std::string_view table) const;
};

/// Rules over one kind of subject, as positions in the book, rising.
struct Selection {
  pack::Subject subject = pack::Subject::household;
  std::vector<std::size_t> rules;
  bool empty() const { return rules.empty(); }
};

/// Where a rule's expressions stand in a list of expressions.
struct Slot {
  std::size_t rule = 0;
  std::optional<std::size_t> first;
  std::size_t second = 0;
  std::optional<std::size_t> amount;
  std::optional<std::size_t> level;
};

struct Layout {
  std::vector<rule::Expression> expressions;
  std::vector<Slot> slots;
};

/// A table that changed, and which of its columns; no columns: rows came or went, so that everything about it counts.
using Touched = std::map<std::string, std::set<std::string>>;

class RuleBook {
 public:
  /// Keeps both. Errors: what the compiler says of an expression, all of them at once.
  static base::Result<std::shared_ptr<const RuleBook>> make(pack::Pack pack, rule::Compiler compiler, rule::Engine live);
  RuleBook(pack::Pack pack, rule::Compiler compiler, rule::Engine live);
  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;

  const pack::Pack& pack() const { return pack_; }
  const rule::Compiler& compiler() const { return compiler_; }
  rule::Engine live() const { return live_; }
  std::span<const CompiledRule> rules() const { return rules_; }
  const CompiledRule& at(std::size_t position) const { return rules_[position]; }
  /// Nothing when there is no such rule.
  std::optional<std::size_t> position(std::string_view id) const;

  /// Those over `subject` that `wanted` says yes to.
  template <class Wanted>
  Selection selected(pack::Subject subject, Wanted wanted) const {
    Selection out{subject, {}};
    for (std::size_t at = 0; at < rules_.size(); ++at) {
      if (rules_[at].rule->subject == subject && wanted(rules_[at])) out.rules.push_back(at);
    }
    return out;
  }
  Selection all(pack::Subject subject) const;
  /// Those that read what was touched, and with them all rules of a light of which they are a part.
  Selection reading(pack::Subject subject, const Touched& touched) const;
  /// Lights in the order of the pack; positions of their rules.
  struct Light {
    const pack::Light* light = nullptr;
    std::vector<std::size_t> rules;
  };
  std::span<const Light> lights() const { return lights_; }

  /// @param with_values amounts and levels too, not only the conditions
  Layout layout(const Selection& selection, bool with_values) const;
  /// Rules of one subject, with the statements that ask for all their expressions: the named parameter :subject is who,
  /// :today the day.
  struct Asked {
    Layout layout;
    std::vector<Statement> statements;
  };
  /// Made once and kept as long as the book.
  base::Result<const Asked*> one_subject(const Selection& selection) const;
  /// The same for any expressions over one kind of subject.
  base::Result<std::vector<Statement>> one_subject(std::span<const rule::Expression> expressions) const;

 private:
  base::Done compile_rules();
  base::Result<Wording> wording(const pack::Rule& rule) const;
  void find_lights();

  const pack::Pack pack_;
  const rule::Compiler compiler_;
  rule::Engine live_;
  std::vector<CompiledRule> rules_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::vector<Light> lights_;
  mutable std::mutex mutex_;
  mutable std::map<std::vector<std::size_t>, Asked> kept_;
};

/// The period on `day`, as a ledger's rows write it: "2019", "2019-H1", "2019-Q2", "2019-06"; "" for none.
std::string period_on(rule::Period period, base::Date day);

}  // namespace yihu::screen

#pragma once
// A pack's demo values (pack/demo.h) worked out for the subjects of a store: expressions by the rules' own compiler and
// the live store, choices and ranges by the subject's number, so that every demo looks alike.

#include "pack/demo.h"
#include "pack/pack.h"
#include "rule/compiler.h"
#include "rule/query.h"
#include "store/session.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace yihu::app {

struct DemoSubject {
  std::string id;
  std::string number;              ///< of the household or person, or the village's code: the same in every demo
  std::vector<store::Cell> cells;  ///< what each value came to
};

struct DemoQuestion {
  pack::Subject subject = pack::Subject::household;
  const pack::Expression* whom = nullptr;              ///< nothing or empty: everybody present
  std::vector<const pack::Expression*> conditions;     ///< that must be true as well
  std::span<const pack::DemoValue> values;
  std::vector<pack::ColumnType> types;                 ///< of the column each value goes into, one for each
};

class DemoValues {
 public:
  DemoValues(const rule::Compiler& compiler, rule::Engine engine, base::Date today)
      : compiler_(compiler), engine_(engine), today_(today) {}

  /// Those whom every condition is true of, in the order of their numbers.
  /// Errors: what the compiler says of an expression, placed in the pack.
  base::Result<std::vector<DemoSubject>> ask(store::Session& session, const DemoQuestion& question) const;

 private:
  using Cells = std::map<std::string, std::map<std::size_t, store::Cell>>;  ///< subject → position → cell
  base::Result<Cells> answers(store::Session& session, std::span<const rule::Expression> expressions) const;
  store::Cell drawn(const pack::DemoValue& value, pack::ColumnType type, std::string_view number) const;

  const rule::Compiler& compiler_;
  rule::Engine engine_;
  base::Date today_;
};

}  // namespace yihu::app

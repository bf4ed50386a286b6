#pragma once
// What SQLite lacks and the rules' SQL needs: three functions that every connection knows.

struct sqlite3;

namespace yihu::store {

/// yihu_whole(x): x when it is a whole number, else nothing: SQLite makes a real number of a sum that overflows.
/// yihu_finite(x): x when it is a finite number, else nothing.
/// yihu_sum(x) of a group: the sum of whole numbers, nothing when there are none or it does not fit into 64 bits.
/// @returns false when the connection takes no functions
bool add_sqlite_functions(sqlite3* connection);

}  // namespace yihu::store

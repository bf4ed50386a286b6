#include "store/secret.h"

#include "store/cipher.h"

#include <sodium.h>

#include <algorithm>

namespace yihu::store {
namespace {

using base::ErrorKind;
using base::Result;

constexpr Sql key_of_person = "SELECT wrapped FROM person_key WHERE person = :person";
constexpr Sql key_insert = "INSERT INTO person_key (person, wrapped, made_at) VALUES (:person, :wrapped, :at)";
constexpr Sql key_erase =
    "UPDATE person_key SET wrapped = NULL, destroyed_at = :at WHERE person = :person AND wrapped IS NOT NULL";

std::unexpected<base::Error> destroyed(ErrorKind kind) {
  return base::fail(kind, "secret_destroyed",
                    base::text("此人的密钥已销毁，其加密信息不能再读写。",
                               "This person's key was destroyed; what was sealed under it is gone for good."));
}

std::string context_from(const SecretPlace& place) {
  return fmt::format("{}:{}{}:{}{}:{}", place.table.size(), place.table, place.column.size(), place.column,
                     place.person.size(), place.person);
}

std::string wrap_context(std::string_view person) { return fmt::format("person_key:{}", person); }

Result<Key> key_from_wrapped(const Key& wrap_key, std::string_view person, std::string_view wrapped) {
  const auto bytes = TRY(opened(wrap_key, wrap_context(person), wrapped));
  Key key{};
  if (bytes.size() == key.size()) std::ranges::copy(bytes, key.begin());
  return key;
}

}  // namespace

Secrets::Secrets(Algorithms algorithms, const Key& store_key)
    : algorithms_(algorithms), store_key_(store_key), wrap_key_(derived_key(algorithms, store_key, "wrap")),
      index_key_(derived_key(algorithms, store_key, "index")) {}

Secrets::~Secrets() {
  for (auto* key : {&store_key_, &wrap_key_, &index_key_}) sodium_memzero(key->data(), key->size());
}

Result<Key> Secrets::person_key(Session& session, std::string_view person) const {
  const auto row = TRY(session.find(key_of_person, {{"person", person}}));
  if (!row || row->null(0)) return destroyed(ErrorKind::not_found);
  return key_from_wrapped(wrap_key_, person, row->text(0));
}

Result<Key> Secrets::person_key_or_new(Transaction& transaction, std::string_view person) const {
  const auto row = TRY(transaction.find(key_of_person, {{"person", person}}));
  if (row && row->null(0)) return destroyed(ErrorKind::conflict);
  if (row) return key_from_wrapped(wrap_key_, person, row->text(0));
  Key key;
  randombytes_buf(key.data(), key.size());
  const auto wrapped = sealed(algorithms_, wrap_key_, wrap_context(person),
                              {reinterpret_cast<const char*>(key.data()), key.size()});
  TRY(transaction.execute(key_insert, {{"person", person}, {"wrapped", wrapped}, {"at", transaction.now()}}));
  return key;
}

Result<std::string> Secrets::seal(Transaction& transaction, const SecretPlace& place, std::string_view clear) const {
  return sealed(algorithms_, TRY(person_key_or_new(transaction, place.person)), context_from(place), clear);
}

Result<std::string> Secrets::open(Session& session, const SecretPlace& place, std::string_view text) const {
  return opened(TRY(person_key(session, place.person)), context_from(place), text);
}

std::string Secrets::index(std::string_view purpose, std::string_view clear) const {
  return hex(keyed_hash(algorithms_, index_key_, fmt::format("{}:{}{}", purpose.size(), purpose, clear)));
}

base::Done Secrets::destroy(Transaction& transaction, std::string_view person) const {
  const auto touched = TRY(transaction.execute(key_erase, {{"at", transaction.now()}, {"person", person}}));
  if (touched == 0) return destroyed(ErrorKind::not_found);
  return transaction.journal({std::string(key_destroyed_action), "person", std::string(person), {}, {}});
}

Key Secrets::key_for(std::string_view purpose) const { return derived_key(algorithms_, store_key_, purpose); }

}  // namespace yihu::store

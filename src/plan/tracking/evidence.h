#pragma once
// Files that prove a report: kept by the hash of their content, of a few kinds told by content and not by name, and
// never served as anything a browser would run.

#include "access/viewer.h"
#include "plan/tracking/view.h"
#include "store/store.h"

#include <string_view>

namespace yihu::plan {

inline constexpr std::size_t evidence_bytes_max = 20u << 20;

struct EvidenceKind {
  std::string_view extension;
  std::string_view type;
};

/// What the bytes are: jpg, png, pdf, docx, xlsx or txt. Errors: input "evidence_kind"; empty.
base::Result<EvidenceKind> kind_of_evidence(std::string_view bytes);

/// A name fit to be shown and saved: no folder, no control or direction characters, the extension of its kind.
std::string evidence_name(std::string_view given, const EvidenceKind& kind);

/// `hash` is of content already kept (store::FileStore). It belongs to no report until one names it.
base::Result<EvidenceView> keep_evidence(store::Transaction& transaction, const access::Viewer& viewer,
                                         std::string_view name, const EvidenceKind& kind, std::string_view hash,
                                         std::int64_t size);

struct EvidenceFile {
  EvidenceView view;
  std::string hash;
};

/// Errors: not_found, also for who may not read the report it belongs to.
base::Result<EvidenceFile> find_evidence(store::Session& session, const access::Viewer& viewer, std::string_view id);

}  // namespace yihu::plan

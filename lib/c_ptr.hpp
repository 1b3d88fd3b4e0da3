// The one owner type for objects of C libraries: as small as the raw pointer, frees with the
// library's own function.
#pragma once

#include <memory>

namespace sekisho {

template <auto Free>
struct CDeleter {
  template <typename T>
  void operator()(T* object) const noexcept {
    static_cast<void>(Free(object));
  }
};

/// Owns a `T*` that `Free` releases. Each room names its own, for instance
/// `using Packet = CPtr<ldns_pkt, &ldns_pkt_free>;`, and no `_free` is written elsewhere.
template <typename T, auto Free>
using CPtr = std::unique_ptr<T, CDeleter<Free>>;

}  // namespace sekisho

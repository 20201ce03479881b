#pragma once

// Owning handles of C libraries, without their headers.

#include <memory>

namespace gateway::crypto {

template <auto Release>
struct ReleaseWith {
    template <class T>
    void operator()(T* object) const noexcept {
        Release(object);
    }
};

template <class T, auto Release>
using Handle = std::unique_ptr<T, ReleaseWith<Release>>;

}   // namespace gateway::crypto

#pragma once

// Included by plugin.cpp and by the loader: the stamp of the headers each was compiled with.

#include "gateway/sdk/adapter.hpp"
#include "sluse_sdk_hash.hpp"

namespace gateway::sdk {

inline AbiStamp current_abi_stamp() noexcept {
    return make_abi_stamp(SLUSE_SDK_HASH, __VERSION__);
}

}   // namespace gateway::sdk

#include "gateway/sdk/adapter.hpp"

#include <boost/version.hpp>

#include <algorithm>

namespace gateway::sdk {
namespace {

template <std::size_t N>
void put(char (&field)[N], std::string_view text) {
    const std::size_t count = std::min(text.size(), N - 1);
    std::copy_n(text.data(), count, field);
    field[count] = '\0';
}

}   // namespace

AbiStamp make_abi_stamp(std::string_view headers_sha256, std::string_view compiler) noexcept {
    AbiStamp stamp;
    put(stamp.sdk_version, SLUSE_VERSION);
    put(stamp.compiler, compiler);
    put(stamp.boost, BOOST_LIB_VERSION);
    put(stamp.sanitizer, SLUSE_SANITIZE);
    put(stamp.headers_sha256, headers_sha256);
    return stamp;
}

}   // namespace gateway::sdk

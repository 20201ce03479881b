#include "tests/fuzz/jws_base64url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::jws_base64url::one_input(data, size);
    return 0;
}

#include "tests/fuzz/content_digest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::content_digest::one_input(data, size);
    return 0;
}

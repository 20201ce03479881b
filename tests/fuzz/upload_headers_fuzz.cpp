#include "tests/fuzz/upload_headers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::upload_headers::one_input(data, size);
    return 0;
}

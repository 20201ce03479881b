#include "tests/fuzz/http_head.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::http_head::one_input(data, size);
    return 0;
}

#include "tests/fuzz/svarut_answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::svarut_answers::one_input(data, size);
    return 0;
}

#include "tests/fuzz/broker_answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::broker_answers::one_input(data, size);
    return 0;
}

#include "tests/fuzz/amqp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::amqp::one_input(data, size);
    return 0;
}

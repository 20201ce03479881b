#pragma once

#include "gateway/ports/store.hpp"
#include "gateway/store/sqlite/readers.hpp"
#include "gateway/store/sqlite/writer.hpp"

#include <memory>

namespace gateway::store::sqlite {

/// The port over an open database: each command goes to the writer or to the readers.
std::unique_ptr<ports::Store> make_port(OpenOptions options, std::shared_ptr<Writer> writer,
                                        std::shared_ptr<Readers> readers);

}   // namespace gateway::store::sqlite

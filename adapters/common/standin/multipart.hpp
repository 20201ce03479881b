#pragma once

// multipart/form-data (RFC 7578), read as it comes, in constant memory.

#include "gateway/http/message.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gateway::standin {

struct PartHead {
    std::string name;
    std::string file_name;   // `filename*` before `filename`
    bool is_file = false;
    std::string content_type;
};

/// Where the parts go. Called in order: begin, data..., end.
class PartSink {
public:
    virtual ~PartSink() = default;
    virtual void begin(PartHead head) = 0;
    virtual void data(std::string_view bytes) = 0;
    virtual void end() = 0;
};

/// One body. Any split of the bytes over calls gives the same parts.
class MultipartReader {
public:
    MultipartReader(std::string boundary, PartSink& sink);

    /// False once the bytes are no multipart of this boundary; nothing more is to be fed then.
    bool feed(std::string_view bytes);
    /// The closing delimiter was seen.
    bool finished() const { return state_ == State::done; }

private:
    enum class State { preamble, delimiter, head, body, done, broken };
    bool step();
    bool read_preamble();
    bool read_delimiter();
    bool read_head();
    bool read_body();
    bool fail();

    std::string delimiter_;   // "\r\n--boundary"
    PartSink& sink_;
    State state_ = State::preamble;
    std::string buffer_;
    std::size_t parts_ = 0;
};

/// Reads the body through the parser; false when it is no multipart or stops half-way. The sink's
/// exceptions pass through.
sdk::Task<bool> read_multipart(http::Request& request, PartSink& sink);

}   // namespace gateway::standin

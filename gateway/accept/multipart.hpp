#pragma once

// multipart/form-data (RFC 7578) read as a stream: part after part, in constant memory. Strict: a
// body that ends before its closing boundary is a failure, header blocks and part counts are
// bounded.

#include "gateway/sdk/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace gateway::accept {

/// The boundary of a multipart/form-data content type; nothing for any other type or a bad
/// boundary.
std::optional<std::string> multipart_boundary(std::string_view content_type);

struct PartHead {
    std::string name;
    std::string content_type;
    std::string content_digest;   // RFC 9530 header of the part, as given
};

/// One body, one reader, one strand. After next_part() the part's bytes are read with read(); what
/// is left unread is skipped by the following next_part().
class MultipartReader {
public:
    MultipartReader(sdk::ByteSource& body, std::string boundary);

    /// The next part, or nothing after the last. `malformed` for what is no multipart, else the
    /// body's own failures.
    sdk::Task<core::Result<std::optional<PartHead>>> next_part();
    /// Bytes of the current part; 0 at its end.
    sdk::Task<core::Result<std::size_t>> read(std::span<char> out);

private:
    sdk::Task<core::Result<bool>> fill();   // false at the end of the body
    sdk::Task<core::Result<std::string>> read_line(std::size_t bytes_max);

    sdk::ByteSource& body_;
    std::string delimiter_;   // "\r\n--boundary"
    std::string buffer_;
    std::size_t at_ = 0;
    bool in_part_ = false;
    bool started_ = false;
    bool finished_ = false;
};

}   // namespace gateway::accept

#pragma once

// BER (X.690), pushed: elements are told of as their bytes come, with definite and indefinite
// lengths, in bounded depth and without looking back. What is larger than memory (the encrypted
// content) passes through; what is small is collected.

#include "gateway/core/failure.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::seal {

class BerWalker {
public:
    enum class Step {
        need_more,   // all of the bytes are taken
        opened,      // an element begins: identifier()
        content,     // bytes of the primitive that is open: content()
        closed,      // the innermost element ends: identifier() is its
        finished,    // the outermost ended before; the bytes left are behind it
    };

    explicit BerWalker(std::size_t depth_max) : depth_max_(depth_max) {}

    /// Takes what one step needs from the front of `bytes`. `seal.cms_malformed`,
    /// `seal.cms_too_large` past the depth; nothing may be asked after a failure.
    core::Result<Step> next(std::string_view& bytes);

    std::uint8_t identifier() const { return identifier_; }
    /// Points into the bytes that the step was given.
    std::string_view content() const { return content_; }
    /// How many elements are open.
    std::size_t depth() const { return open_.size(); }
    bool finished() const { return finished_; }

private:
    static constexpr std::uint64_t endless = std::numeric_limits<std::uint64_t>::max();
    struct Frame {
        std::uint8_t identifier = 0;
        bool definite = true;
        std::uint64_t limit = endless;   // nothing inside goes past; the end, when definite
    };
    core::Result<bool> read_header(std::string_view& bytes);
    core::Result<Step> open_or_end();
    Step close();

    std::size_t depth_max_;
    std::uint64_t at_ = 0;
    std::vector<Frame> open_;
    std::string header_;   // of the next element, as far as it has come
    std::uint8_t identifier_ = 0;
    std::string_view content_;
    bool finished_ = false;
};

/// Puts one element together again, all lengths definite and each octet string in one piece.
class BerCollector {
public:
    explicit BerCollector(std::size_t bytes_max) : bytes_left_(bytes_max) {}

    /// Every step from the element's `opened` on; true when it is whole. `seal.cms_too_large`.
    core::Result<bool> take(BerWalker::Step step, const BerWalker& walker);
    const std::string& element() const { return element_; }

private:
    core::Result<void> count(std::size_t bytes);

    std::size_t bytes_left_;
    std::vector<std::string> contents_;   // of the elements that are open
    std::string element_;
};

}   // namespace gateway::seal

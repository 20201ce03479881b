#include "gateway/seal/ber_walker.hpp"

#include "gateway/seal/refusal.hpp"
#include "gateway/seal/tlv.hpp"

#include <algorithm>

namespace gateway::seal {
namespace {

constexpr std::uint8_t indefinite = 0x80;
constexpr std::size_t length_octets_max = 8;

std::uint8_t octet(char c) {
    return static_cast<std::uint8_t>(c);
}

bool is_constructed(std::uint8_t identifier) {
    return (identifier & tlv::constructed) != 0;
}

}   // namespace

BerWalker::Step BerWalker::close() {
    identifier_ = open_.back().identifier;
    open_.pop_back();
    finished_ = open_.empty();
    return Step::closed;
}

/// True when the next element's tag and length are whole in `header_`.
core::Result<bool> BerWalker::read_header(std::string_view& bytes) {
    const std::uint64_t limit = open_.empty() ? endless : open_.back().limit;
    while (!bytes.empty()) {
        if (at_ == limit) {
            return refused(Refusal::cms_malformed, "an element goes past its parent's end");
        }
        header_ += bytes.front();
        bytes.remove_prefix(1);
        ++at_;
        if (header_.size() == 1) {
            if ((octet(header_[0]) & 0x1fU) == 0x1fU) {
                return refused(Refusal::cms_malformed, "a tag number over 30");
            }
            continue;
        }
        const std::uint8_t first = octet(header_[1]);
        const std::size_t octets = first > indefinite ? first & 0x7fU : 0;
        if (octets > length_octets_max) {
            return refused(Refusal::cms_malformed, "a length of more than eight octets");
        }
        if (header_.size() == 2 + octets) {
            return true;
        }
    }
    return false;
}

core::Result<BerWalker::Step> BerWalker::open_or_end() {
    const std::string header = std::exchange(header_, {});
    Frame frame;
    frame.identifier = octet(header[0]);
    frame.definite = octet(header[1]) != indefinite;
    if (frame.identifier == 0) {
        if (header[1] != 0 || open_.empty() || open_.back().definite) {
            return refused(Refusal::cms_malformed, "an end where nothing ends");
        }
        return close();
    }
    if (open_.size() == depth_max_) {
        return refused(Refusal::cms_too_large, "elements nested too deep");
    }
    frame.limit = open_.empty() ? endless : open_.back().limit;
    if (!frame.definite && !is_constructed(frame.identifier)) {
        return refused(Refusal::cms_malformed, "a primitive without a length");
    }
    if (frame.definite) {
        std::uint64_t length = octet(header[1]);
        if (header.size() > 2) {
            length = 0;
            for (const char c : header.substr(2)) {
                length = length << 8U | octet(c);
            }
        }
        if (length > frame.limit - at_) {
            return refused(Refusal::cms_malformed, "an element goes past its parent's end");
        }
        frame.limit = at_ + length;
    }
    open_.push_back(frame);
    identifier_ = frame.identifier;
    return Step::opened;
}

core::Result<BerWalker::Step> BerWalker::next(std::string_view& bytes) {
    if (finished_) {
        return Step::finished;
    }
    if (!open_.empty() && open_.back().definite && header_.empty()) {
        const Frame& inner = open_.back();
        if (at_ == inner.limit) {
            return close();
        }
        if (!is_constructed(inner.identifier)) {
            if (bytes.empty()) {
                return Step::need_more;
            }
            content_ = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(
                                           bytes.size(), inner.limit - at_)));
            bytes.remove_prefix(content_.size());
            at_ += content_.size();
            return Step::content;
        }
    }
    auto whole = read_header(bytes);
    if (whole.has_error()) {
        return whole.error();
    }
    return *whole ? open_or_end() : core::Result<Step>(Step::need_more);
}

core::Result<void> BerCollector::count(std::size_t bytes) {
    if (bytes > bytes_left_) {
        return refused(Refusal::cms_too_large, "a part before the content is too large");
    }
    bytes_left_ -= bytes;
    return {};
}

core::Result<bool> BerCollector::take(BerWalker::Step step, const BerWalker& walker) {
    constexpr std::size_t header_bytes = 6;   // what an element costs beside its content
    if (step == BerWalker::Step::opened) {
        auto counted = count(header_bytes);
        if (counted.has_error()) {
            return counted.error();
        }
        contents_.emplace_back();
    } else if (step == BerWalker::Step::content) {
        auto counted = count(walker.content().size());
        if (counted.has_error()) {
            return counted.error();
        }
        contents_.back() += walker.content();
    } else if (step == BerWalker::Step::closed) {
        std::string content = std::move(contents_.back());
        contents_.pop_back();
        std::uint8_t identifier = walker.identifier();
        if (identifier == (tlv::octet_string | tlv::constructed)) {
            identifier = tlv::octet_string;
            std::string pieces = std::exchange(content, {});
            std::string_view rest = pieces;
            while (const auto piece = tlv::take(rest)) {
                if (piece->identifier != tlv::octet_string) {
                    return refused(Refusal::cms_malformed, "an octet string of other parts");
                }
                content += piece->content;
            }
        }
        tlv::append(contents_.empty() ? element_ : contents_.back(), identifier, content);
        return contents_.empty();
    }
    return false;
}

}   // namespace gateway::seal

#include "gateway/http/head_scanner.hpp"

namespace gateway::http {

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
    for (; at_ < bytes.size(); ++at_) {
        const auto c = static_cast<unsigned char>(bytes[at_]);
        const bool after_cr = at_ > line_ && bytes[at_ - 1] == '\r';
        if (after_cr) {
            if (c != '\n') {
                return State::bad;   // CR alone
            }
            if (at_ - line_ == 1) {
                ++at_;
                return State::done;
            }
            line_ = at_ + 1;
            continue;
        }
        if (c >= 0x20 && c != 0x7f) {
            if (c == ' ' && at_ == line_) {
                return State::bad;   // folded line, or a space before the request line
            }
            continue;
        }
        if (c == '\r' || (c == '\t' && at_ > line_)) {
            continue;
        }
        return State::bad;   // LF alone, folded line, control character
    }
    return State::more;
}

}   // namespace gateway::http

#include "gateway/http/head_scanner.hpp"

#include "gateway/http/control.hpp"

namespace gateway::http {

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
    for (; at_ < bytes.size(); ++at_) {
        const bool after_cr = at_ > line_ && bytes[at_ - 1] == '\r';
        if (after_cr) {
            if (bytes[at_] != '\n') {
                return State::bad;   // CR alone
            }
            if (at_ - line_ == 1) {
                ++at_;
                return State::done;
            }
            line_ = at_ + 1;
            continue;
        }
        if (bytes[at_] == ' ' && at_ == line_) {
            return State::bad;   // folded line, or a space before the request line
        }
        at_ = find_control(bytes, at_);
        if (at_ == bytes.size()) {
            break;
        }
        if (bytes[at_] == '\r' || (bytes[at_] == '\t' && at_ > line_)) {
            continue;
        }
        return State::bad;   // LF alone, folded line, control character
    }
    return State::more;
}

}   // namespace gateway::http

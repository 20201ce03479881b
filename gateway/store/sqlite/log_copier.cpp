#include "gateway/store/sqlite/log_copier.hpp"

namespace gateway::store::sqlite {

LogCopier::Copied LogCopier::copy() {
    Copied copied;
    if (!database_) {
        auto opened = Database::open(options_);
        if (!opened) {
            copied.failure = opened.error();
            return copied;
        }
        database_ = std::move(*opened);
    }
    copied.pages = database_->copy_log();
    copied.failure = database_->take_failure();
    if (copied.failure) {
        database_.reset();   // the next one opens another
    }
    return copied;
}

}   // namespace gateway::store::sqlite

#pragma once

// What belongs to a call and goes with it across strands, without a word of those it passes
// through: an executor that carries a tag. Whatever is spawned on the executor of a coroutine
// carries it too.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace gateway::runtime {

/// Shared by all that run under it, who may outlast the call: what is told it then is its own
/// affair. Any thread.
class Tag {
public:
    Tag() = default;
    virtual ~Tag() = default;
    Tag(const Tag&) = delete;
    Tag& operator=(const Tag&) = delete;
};

/// Runs everything where `inner` does: two of one strand are still one strand.
class TaggedExecutor {
public:
    using Inner = boost::asio::any_io_executor;

    TaggedExecutor(Inner inner, std::shared_ptr<Tag> tag) noexcept
        : inner_(std::move(inner)), tag_(std::move(tag)) {}

    const std::shared_ptr<Tag>& tag() const noexcept { return tag_; }
    const Inner& inner() const noexcept { return inner_; }

    template <class Property>
    requires(boost::asio::can_query<const Inner&, Property>::value) decltype(auto)
        query(const Property& property) const {
        return boost::asio::query(inner_, property);
    }
    template <class Property>
    requires(boost::asio::can_require<const Inner&, Property>::value) TaggedExecutor
        require(const Property& property)
    const { return {boost::asio::require(inner_, property), tag_}; }
    template <class Property>
    requires(boost::asio::can_prefer<const Inner&, Property>::value) TaggedExecutor
        prefer(const Property& property)
    const { return {boost::asio::prefer(inner_, property), tag_}; }
    template <class Function>
    void execute(Function&& function) const {
        inner_.execute(std::forward<Function>(function));
    }

    friend bool operator==(const TaggedExecutor& a, const TaggedExecutor& b) noexcept {
        return a.inner_ == b.inner_ && a.tag_ == b.tag_;
    }
    friend bool operator!=(const TaggedExecutor& a, const TaggedExecutor& b) noexcept {
        return !(a == b);
    }

private:
    Inner inner_;
    std::shared_ptr<Tag> tag_;
};

/// Of the executor of a coroutine: `co_await this_coro::executor`. Nothing when it has none.
inline std::shared_ptr<Tag> tag_of(const boost::asio::any_io_executor& executor) {
    const auto* tagged = executor.target<TaggedExecutor>();
    return tagged == nullptr ? nullptr : tagged->tag();
}

/// What it runs everything on, without its tag: for what outlives the call.
inline boost::asio::any_io_executor untagged(const boost::asio::any_io_executor& executor) {
    const auto* tagged = executor.target<TaggedExecutor>();
    return tagged == nullptr ? executor : tagged->inner();
}

}   // namespace gateway::runtime

#include "adapters/altinn_forms/forms_feedback.hpp"

#include "adapters/altinn_forms/forms_content.hpp"
#include "adapters/altinn_forms/forms_exchange.hpp"
#include "gateway/crypto/digest.hpp"
#include "gateway/runtime/crash_point.hpp"

namespace gateway::altinn_forms {

using sdk::Outcome;
using sdk::Verdict;

namespace {

class HashSink final : public sdk::ByteSink {
public:
    sdk::Task<core::Result<void>> write(std::span<const char> bytes) override {
        hash_.update({bytes.data(), bytes.size()});
        co_return core::Result<void>();
    }
    core::Sha256 finish() { return hash_.finish(); }

private:
    crypto::Sha256Stream hash_;
};

}   // namespace

sdk::Task<Outcome> Feedback::tell(sdk::InboundSettled what, sdk::Deadline deadline) {
    const auto answer = read_system_answer(what.answer);
    if (!answer.wrong.empty()) {
        co_return Outcome(Verdict::rejected, answer.wrong);
    }
    if (answer.empty()) {
        co_return Outcome(Verdict::accepted);
    }
    const auto instance = instance_of_memo(what.memo);
    if (!instance || !has_app(settings_, instance->app)) {
        co_return Outcome(Verdict::rejected, "altinn_forms.not_found", {{"status", "-"}});
    }
    if (!answer.documents.empty()) {
        auto said = co_await hand_in(*instance, answer.documents, deadline);
        if (said) {
            co_return std::move(*said);
        }
    }
    if (answer.substatus) {
        co_return co_await set_substatus(*instance, *answer.substatus, deadline);
    }
    co_return Outcome(Verdict::accepted);
}

sdk::Task<Feedback::Said> Feedback::hand_in(const InstanceRef& instance,
                                            const std::vector<FeedbackFile>& files,
                                            sdk::Deadline deadline) {
    FormsClient::Make make = [&] { return get_instance(settings_, instance); };
    const auto reply = co_await client_.call(std::move(make), sdk::Effect::none, deadline);
    if (!reply.response || reply.response->status != 200) {
        co_return outcome_of(reply);
    }
    const auto known = read_instance(*reply.response, settings_);
    if (!known) {
        co_return Outcome(Verdict::rejected, "altinn_forms.unreadable");
    }
    for (const auto& file : files) {
        auto source = co_await host_.documents.open(settings_.tenant, file.sha256);
        if (!source) {
            if (source.error().is(core::Errc::not_found)) {
                co_return Outcome(Verdict::rejected, "altinn_forms.feedback_missing");
            }
            co_return altinn_platform::document_outcome(source.error());
        }
        const auto size = (*source)->size().value_or(0);
        const auto there = co_await is_there(*known, file, size, deadline);
        if (!there) {
            co_return Outcome(Verdict::try_later, "upstream.unreachable");
        }
        if (*there) {
            continue;
        }
        auto said = co_await upload(instance, file, deadline);
        if (said) {
            co_return std::move(said);
        }
    }
    co_return std::nullopt;
}

/// Fails where it cannot be found out now.
sdk::Task<core::Result<bool>> Feedback::is_there(const Instance& instance, const FeedbackFile& file,
                                                 std::uint64_t size, sdk::Deadline deadline) {
    for (const auto& element : instance.elements) {
        const bool alike = !element.deleted && element.data_type == file.data_type &&
                           element.file_name == file.name && element.size == size;
        if (!alike) {
            continue;
        }
        HashSink sink;
        FormsClient::Make make = [&] {
            auto request = get_data(settings_, instance.ref, element.id);
            request.answer_sink = &sink;
            return request;
        };
        const auto reply = co_await client_.call(std::move(make), sdk::Effect::none, deadline);
        if (!reply.response || reply.response->status != 200) {
            co_return core::Failure(core::Errc::unavailable, "a file of the instance");
        }
        if (sink.finish() == file.sha256) {
            co_return true;
        }
    }
    co_return false;
}

sdk::Task<core::Result<sdk::HttpRequest>> Feedback::with_file(const InstanceRef& instance,
                                                              const FeedbackFile& file) {
    auto request = post_data(settings_, instance, file.data_type, file.name, file.media_type);
    auto source = co_await host_.documents.open(settings_.tenant, file.sha256);
    if (!source) {
        co_return source.error();
    }
    request.stream = std::move(*source);
    co_return std::move(request);
}

sdk::Task<Feedback::Said> Feedback::upload(const InstanceRef& instance, const FeedbackFile& file,
                                           sdk::Deadline deadline) {
    altinn_platform::PlatformClient::Build build = [&] { return with_file(instance, file); };
    GATEWAY_CRASH_POINT("altinn_forms.before_feedback");
    const auto reply =
        co_await client_.call_streaming(std::move(build), sdk::Effect::possible, deadline);
    GATEWAY_CRASH_POINT("altinn_forms.feedback_sent");
    if (reply.response && reply.response->status == 201) {
        co_return std::nullopt;
    }
    co_return outcome_of(reply);
}

sdk::Task<Outcome> Feedback::set_substatus(const InstanceRef& instance, const Substatus& substatus,
                                           sdk::Deadline deadline) {
    FormsClient::Make make = [&] {
        return put_substatus(settings_, instance, substatus.label, substatus.description);
    };
    const auto reply =
        co_await client_.call(std::move(make), sdk::Effect::none, deadline);   // twice is once
    if (reply.response && reply.response->status == 200) {
        co_return Outcome(Verdict::accepted);
    }
    co_return outcome_of(reply);
}

}   // namespace gateway::altinn_forms

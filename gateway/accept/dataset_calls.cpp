#include "gateway/accept/record_calls.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/refusal.hpp"

#include <charconv>

// /v1/records/{dataset}: records that systems publish for each other. By key in the path where keys
// are not personal; any key in the body of a POST.

namespace gateway::accept {
namespace {

constexpr std::size_t items_max = 1'000;
constexpr std::size_t key_max = 128;
constexpr std::size_t changes_default = 100;
constexpr std::size_t changes_max = 200;

std::string tag_of(std::uint64_t version) {
    return "\"" + std::to_string(version) + "\"";
}

std::optional<std::uint64_t> version_of(std::string_view tag) {
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') {
        return std::nullopt;
    }
    std::uint64_t version = 0;
    const auto* end = tag.data() + tag.size() - 1;
    const auto [at, error] = std::from_chars(tag.data() + 1, end, version);
    return error == std::errc() && at == end && version > 0 ? std::optional(version) : std::nullopt;
}

/// If-Match and If-None-Match: without either a record is made, never written over.
std::optional<ports::Refusal> read_condition(const http::Request& request,
                                             ports::Publication& item) {
    const auto match = request.header("If-Match");
    const auto none = request.header("If-None-Match");
    item.expected = 0;
    if (!none.empty() && (none != "*" || !match.empty())) {
        return ports::Refusal("request.bad_header", {{"name", "If-None-Match"}});
    }
    if (match.empty()) {
        return std::nullopt;
    }
    item.expected = version_of(match);
    if (!item.expected && match != "*") {
        return ports::Refusal("request.bad_header", {{"name", "If-Match"}});
    }
    return std::nullopt;
}

/// {"items": [{"key", "value" | "remove": true, "version"?}]}: version as it was read; without one
/// the record is made.
std::optional<ports::Refusal> read_items(const json::Value& body, ports::PublishCommand& command) {
    if (!body.is_object()) {
        return view::no_object();
    }
    const auto& items = body["items"].items();
    if (body.members().size() != 1 || items.empty() || items.size() > items_max) {
        return view::bad_member("items");
    }
    for (const auto& item : items) {
        ports::Publication one;
        bool removes = false;
        for (const auto& [name, value] : item.members()) {
            if (name == "key" && value.is_string() && value.as_string().size() <= key_max) {
                one.key = value.as_string();
            } else if (name == "value" && value.is_object()) {
                one.value = value;
            } else if (name == "remove" && value.is_bool() && value.as_bool()) {
                removes = true;
            } else if (name == "version" && value.is_int() && value.as_int() >= 0) {
                one.expected = static_cast<std::uint64_t>(value.as_int());
            } else {
                return view::bad_member("items");
            }
        }
        if (one.key.empty() || removes == one.value.has_value()) {
            return view::bad_member("items");
        }
        command.items.push_back(std::move(one));
    }
    return std::nullopt;
}

http::Response not_published(const ports::PublishAnswer& answer, const CallContext& context) {
    auto response = problem(*answer.refusal, context);
    if (answer.standing != 0) {
        response.headers.emplace_back("ETag", tag_of(answer.standing));
    }
    return response;
}

}   // namespace

sdk::Task<http::Response> PublicApi::get_record(Call& call, std::string dataset, std::string key) {
    ports::RecordLookUp question;
    question.kind = core::is_organisation_number(key) ? core::RecordKeyKind::organisation
                                                      : core::RecordKeyKind::plain;
    question.dataset = std::move(dataset);
    if (const auto own = own_key_kind(call, question.dataset)) {
        question.kind = *own;
    }
    question.keys.push_back(std::move(key));
    if (question.kind == core::RecordKeyKind::person) {
        co_return problem(ports::Refusal("records.key_in_url", {{"dataset", question.dataset}}),
                          call.context);
    }
    if (const auto wrong = read_asker(call, question.asker)) {
        co_return problem(*wrong, call.context);
    }
    const auto asked_dataset = question.dataset;
    if (const auto wrong = read_query(call.request, question);
        wrong || question.dataset != asked_dataset) {
        co_return problem(wrong ? *wrong : view::bad_parameter("dataset"), call.context);
    }
    const auto answer = co_await parts_.records->look_up(std::move(question));
    if (answer.refusal) {
        co_return refused(answer, call.context);
    }
    const auto& record = answer.records.front();
    if (!record.known) {
        co_return problem(ports::Refusal("records.not_found"), call.context);
    }
    auto response = json_answer(200, found_record(record, call.context.language));
    response.headers.emplace_back("ETag", tag_of(record.version));
    co_return response;
}

/// Of a dataset the caller's tenant has; nothing when it has none of that name.
std::optional<core::RecordKeyKind> PublicApi::own_key_kind(const Call& call,
                                                           const std::string& dataset) const {
    const auto configuration = parts_.configuration.current();
    const auto tenant = configuration->tenants.find(call.caller.tenant);
    if (tenant == configuration->tenants.end()) {
        return std::nullopt;
    }
    const auto own = tenant->second.datasets.find(dataset);
    return own == tenant->second.datasets.end() ? std::nullopt : std::optional(own->second.key);
}

sdk::Task<http::Response> PublicApi::publish_record(Call& call, std::string dataset,
                                                    std::string key) {
    ports::PublishCommand command;
    command.dataset = std::move(dataset);
    command.key_in_url = true;
    if (const auto wrong = read_asker(call, command.asker)) {
        co_return problem(*wrong, call.context);
    }
    ports::Publication item;
    item.key = std::move(key);
    if (const auto wrong = read_condition(call.request, item)) {
        co_return problem(*wrong, call.context);
    }
    const bool removes = call.request.method == "DELETE";
    if (!removes) {
        ports::Refusal refusal;
        const auto limits = parts_.configuration.current()->limits;
        auto body = co_await read_json(*call.request.body, limits, refusal);
        if (!body) {
            co_return problem(refusal, call.context);
        }
        item.value = std::move(*body);
    }
    const bool made = item.expected == std::optional<std::uint64_t>(0);
    command.items.push_back(std::move(item));
    const auto answer = co_await parts_.records->publish(std::move(command));
    if (answer.refusal) {
        co_return not_published(answer, call.context);
    }
    if (removes) {
        co_return http::Response(204);
    }
    const auto& published = answer.records.front();
    auto view = json::Value::object();
    view.set("handle", published.handle.to_string()).set("version", published.version);
    auto response = json_answer(made ? 201 : 200, view);
    response.headers.emplace_back("ETag", tag_of(published.version));
    co_return response;
}

sdk::Task<http::Response> PublicApi::publish_records(Call& call, std::string dataset) {
    ports::PublishCommand command;
    command.dataset = std::move(dataset);
    if (const auto wrong = read_asker(call, command.asker)) {
        co_return problem(*wrong, call.context);
    }
    ports::Refusal refusal;
    const auto limits = parts_.configuration.current()->limits;
    const auto body = co_await read_json(*call.request.body, limits, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    if (const auto wrong = read_items(*body, command)) {
        co_return problem(*wrong, call.context);
    }
    const auto answer = co_await parts_.records->publish(std::move(command));
    if (answer.refusal) {
        co_return not_published(answer, call.context);
    }
    auto items = json::Value::array();
    for (const auto& published : answer.records) {
        auto one = json::Value::object();
        one.set("handle", published.handle.to_string()).set("version", published.version);
        items.push(std::move(one));
    }
    auto view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::get_record_changes(Call& call, std::string dataset) {
    ports::ChangesQuery query;
    query.dataset = std::move(dataset);
    query.limit = changes_default;
    if (const auto wrong = read_asker(call, query.asker)) {
        co_return problem(*wrong, call.context);
    }
    if (const auto wrong = read_page(call.request, changes_max, query.after, query.limit)) {
        co_return problem(*wrong, call.context);
    }
    auto last = query.after;
    const auto page = co_await parts_.records->changes(std::move(query));
    if (page.refusal) {
        co_return problem(*page.refusal, call.context);
    }
    auto items = json::Value::array();
    for (const auto& change : page.changes) {
        auto one = json::Value::object();
        one.set("handle", change.change.subject.to_string());
        if (!change.key.empty()) {
            one.set("key", change.key);
        }
        one.set("version", change.change.version)
            .set("removed", change.change.removed)
            .set("at", core::to_rfc3339(change.change.at));
        items.push(std::move(one));
        last = change.change.position;
    }
    auto view = json::Value::object();
    view.set("items", std::move(items)).set("next", view::write_cursor(last));
    co_return json_answer(200, view);
}

/// `path` is what stands after /v1/records/.
sdk::Task<http::Response> PublicApi::call_of_datasets(Call& call, std::string_view path) {
    const std::string& method = call.request.method;
    const bool reads = method == "GET" || method == "HEAD";
    const auto slash = path.find('/');
    std::string dataset(path.substr(0, slash));
    if (slash == std::string_view::npos) {
        if (method != "POST") {
            co_return problem(view::method_not_allowed("POST"), call.context);
        }
        co_return co_await publish_records(call, std::move(dataset));
    }
    std::string key(path.substr(slash + 1));
    if (key == "changes") {
        if (!reads) {
            co_return problem(view::method_not_allowed("GET, HEAD"), call.context);
        }
        co_return co_await get_record_changes(call, std::move(dataset));
    }
    if (reads) {
        co_return co_await get_record(call, std::move(dataset), std::move(key));
    }
    if (method == "PUT" || method == "DELETE") {
        co_return co_await publish_record(call, std::move(dataset), std::move(key));
    }
    co_return problem(view::method_not_allowed("GET, HEAD, PUT, DELETE"), call.context);
}

}   // namespace gateway::accept

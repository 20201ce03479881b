#include "gateway/accept/record_calls.hpp"
#include "gateway/view/access_log.hpp"
#include "gateway/view/event_cursor.hpp"

// Look-ups: POST /v1/persons/lookup and /v1/organisations/lookup, and by handle, with the access
// log of a person and local corrections. No person's number stands in a URL.

namespace gateway::accept {
namespace {

constexpr std::size_t log_page_default = 100;
constexpr std::size_t log_page_max = 500;

ports::Refusal method_not_allowed(const char* allowed) {
    return ports::Refusal("request.method_not_allowed", {{"allowed", allowed}});
}

http::Response one_answer(ports::LookUpAnswer& answer, const CallContext& context) {
    if (!answer.text.empty()) {
        return api::json_text_answer(200, std::move(answer.text));
    }
    return json_answer(200, found_record(answer.records.front(), context.language));
}

}   // namespace

sdk::Task<http::Response> PublicApi::look_up(Call& call, core::RecordKeyKind kind) {
    ports::RecordLookUp question;
    question.kind = kind;
    question.dataset = kind == core::RecordKeyKind::person ? "person" : "organisation";
    if (const auto wrong = read_asker(call, question.asker)) {
        co_return problem(*wrong, call.context);
    }
    ports::Refusal refusal;
    const auto limits = parts_.configuration.current()->limits;
    const auto body = co_await read_json(*call.request.body, limits, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    if (const auto wrong = read_look_up(*body, question)) {
        co_return problem(*wrong, call.context);
    }
    const bool batch = body->has("persons") || body->has("organisations");
    question.write = batch ? nullptr : found_text;
    auto answer = co_await parts_.records->look_up(std::move(question));
    if (answer.refusal) {
        co_return refused(answer, call.context);
    }
    if (!batch) {
        co_return one_answer(answer, call.context);
    }
    auto items = json::Value::array();
    for (const auto& record : answer.records) {
        items.push(found_record(record, call.context.language));
    }
    auto view = json::Value::object();
    view.set("items", std::move(items));
    co_return json_answer(200, view);
}

sdk::Task<http::Response> PublicApi::get_person(Call& call, core::Uuid handle) {
    ports::RecordLookUp question;
    question.kind = core::RecordKeyKind::person;
    question.dataset = "person";
    question.handle = handle;
    if (const auto wrong = read_asker(call, question.asker)) {
        co_return problem(*wrong, call.context);
    }
    if (const auto wrong = read_query(call.request, question)) {
        co_return problem(*wrong, call.context);
    }
    question.write = found_text;
    auto answer = co_await parts_.records->look_up(std::move(question));
    if (answer.refusal) {
        co_return refused(answer, call.context);
    }
    co_return one_answer(answer, call.context);
}

sdk::Task<http::Response> PublicApi::get_access_log(Call& call, core::Uuid handle) {
    ports::LogReading reading;
    reading.handle = handle;
    reading.limit = log_page_default;
    if (const auto wrong = read_asker(call, reading.asker)) {
        co_return problem(*wrong, call.context);
    }
    if (const auto wrong = read_page(call.request, log_page_max, reading.after, reading.limit)) {
        co_return problem(*wrong, call.context);
    }
    const auto limit = reading.limit;
    const auto page = co_await parts_.records->read_log(std::move(reading));
    if (page.refusal) {
        co_return problem(*page.refusal, call.context);
    }
    auto items = json::Value::array();
    for (const auto& entry : page.entries) {
        items.push(view::log_entry(entry));
    }
    const auto last = page.entries.empty() ? 0 : page.entries.back().entry.number;
    co_return json_answer(200, view::page_of(std::move(items), limit, last));
}

sdk::Task<http::Response> PublicApi::correct_person(Call& call, core::Uuid handle,
                                                    std::string dataset) {
    ports::CorrectCommand command;
    command.handle = handle;
    command.dataset = std::move(dataset);
    if (const auto wrong = read_asker(call, command.asker)) {
        co_return problem(*wrong, call.context);
    }
    if (call.request.method == "PUT") {
        ports::Refusal refusal;
        const auto limits = parts_.configuration.current()->limits;
        const auto body = co_await read_json(*call.request.body, limits, refusal);
        if (!body) {
            co_return problem(refusal, call.context);
        }
        const auto until = core::parse_rfc3339((*body)["until"].as_string());
        if (body->members().size() != 3 || !(*body)["values"].is_object() ||
            !(*body)["source"].is_string() || !until) {
            co_return problem(ports::Refusal("records.correction_invalid"), call.context);
        }
        command.values = (*body)["values"];
        command.source = (*body)["source"].as_string();
        command.until = *until;
    }
    const auto refusal = co_await parts_.records->correct(std::move(command));
    if (refusal) {
        co_return problem(*refusal, call.context);
    }
    co_return http::Response(204);
}

sdk::Task<http::Response> PublicApi::call_of_records(Call& call) {
    const std::string_view path = call.request.path;
    if (path.starts_with(persons_path)) {
        co_return co_await call_of_persons(call, path.substr(persons_path.size()));
    }
    if (path.starts_with(datasets_path)) {
        co_return co_await call_of_datasets(call, path.substr(datasets_path.size()));
    }
    if (path.substr(organisations_path.size()) != "lookup") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    if (call.request.method != "POST") {
        co_return problem(method_not_allowed("POST"), call.context);
    }
    co_return co_await look_up(call, core::RecordKeyKind::organisation);
}

sdk::Task<http::Response> PublicApi::call_of_persons(Call& call, std::string_view path) {
    constexpr std::string_view corrections = "/corrections/";
    const std::string& method = call.request.method;
    const bool reads = method == "GET" || method == "HEAD";
    if (path == "lookup") {
        if (method == "POST") {
            co_return co_await look_up(call, core::RecordKeyKind::person);
        }
        co_return problem(method_not_allowed("POST"), call.context);
    }
    const auto slash = path.find('/');
    const auto handle = core::parse_uuid(path.substr(0, slash));
    const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    if (!handle) {
        co_return problem(ports::Refusal("records.not_found"), call.context);
    }
    if (rest.starts_with(corrections)) {
        if (method == "PUT" || method == "DELETE") {
            std::string dataset(rest.substr(corrections.size()));
            co_return co_await correct_person(call, *handle, std::move(dataset));
        }
        co_return problem(method_not_allowed("PUT, DELETE"), call.context);
    }
    if (!rest.empty() && rest != "/access-log") {
        co_return problem(ports::Refusal("request.not_found"), call.context);
    }
    if (!reads) {
        co_return problem(method_not_allowed("GET"), call.context);
    }
    if (rest.empty()) {
        co_return co_await get_person(call, *handle);
    }
    co_return co_await get_access_log(call, *handle);
}

}   // namespace gateway::accept

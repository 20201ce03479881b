#include "gateway/accept/record_calls.hpp"
#include "gateway/http/body_at_hand.hpp"
#include "gateway/view/access_log.hpp"
#include "gateway/view/event_cursor.hpp"
#include "gateway/view/refusal.hpp"

// Look-ups: POST /v1/persons/lookup and /v1/organisations/lookup, and by handle, with the access
// log of a person and local corrections. No person's number stands in a URL.

namespace gateway::accept {
namespace {

constexpr std::size_t log_page_default = 100;
constexpr std::size_t log_page_max = 500;

http::Response all_answers(const ports::LookUpAnswer& answer, const CallContext& context) {
    auto items = json::Value::array();
    for (const auto& record : answer.records) {
        items.push(found_record(record, context.language));
    }
    auto view = json::Value::object();
    view.set("items", std::move(items));
    return json_answer(200, view);
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
        return at_once(problem(*wrong, call.context));
    }
    const auto configuration = parts_.configuration.current();
    const auto& limits = configuration->limits;
    const auto text = http::take_at_hand(*call.request.body, limits.message_bytes_max);
    if (!text) {
        return read_and_look_up(call, std::move(question));
    }
    ports::Refusal refusal;
    const auto body = parse_json(*text, limits, refusal);
    if (!body) {
        return at_once(problem(refusal, call.context));
    }
    return look_up_body(call, std::move(question), *body);
}

sdk::Task<http::Response> PublicApi::read_and_look_up(Call& call, ports::RecordLookUp question) {
    ports::Refusal refusal;
    const auto limits = parts_.configuration.current()->limits;
    const auto body = co_await read_json(*call.request.body, limits, refusal);
    if (!body) {
        co_return problem(refusal, call.context);
    }
    co_return co_await look_up_body(call, std::move(question), *body);
}

sdk::Task<http::Response> PublicApi::look_up_body(Call& call, ports::RecordLookUp question,
                                                  const json::Value& body) {
    if (const auto wrong = read_look_up(body, question)) {
        return at_once(problem(*wrong, call.context));
    }
    const bool batch = body.has("persons") || body.has("organisations");
    question.write = batch ? nullptr : found_text;
    return tell_found(call, parts_.records->look_up(std::move(question)), batch);
}

sdk::Task<http::Response> PublicApi::tell_found(Call& call, sdk::Task<ports::LookUpAnswer> asking,
                                                bool batch) {
    auto answer = co_await std::move(asking);
    if (answer.refusal) {
        co_return refused(answer, call.context);
    }
    if (batch) {
        co_return all_answers(answer, call.context);
    }
    co_return one_answer(answer, call.context);
}

sdk::Task<http::Response> PublicApi::get_person(Call& call, core::Uuid handle) {
    ports::RecordLookUp question;
    question.kind = core::RecordKeyKind::person;
    question.dataset = "person";
    question.handle = handle;
    if (const auto wrong = read_asker(call, question.asker)) {
        return at_once(problem(*wrong, call.context));
    }
    if (const auto wrong = read_query(call.request, question)) {
        return at_once(problem(*wrong, call.context));
    }
    question.write = found_text;
    return tell_found(call, parts_.records->look_up(std::move(question)), false);
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
        if (!body->is_object()) {
            co_return problem(view::no_object(), call.context);
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
        return call_of_persons(call, path.substr(persons_path.size()));
    }
    if (path.starts_with(datasets_path)) {
        return call_of_datasets(call, path.substr(datasets_path.size()));
    }
    if (path.substr(organisations_path.size()) != "lookup") {
        return at_once(problem(ports::Refusal("request.not_found"), call.context));
    }
    if (call.request.method != "POST") {
        return at_once(problem(view::method_not_allowed("POST"), call.context));
    }
    return look_up(call, core::RecordKeyKind::organisation);
}

sdk::Task<http::Response> PublicApi::call_of_persons(Call& call, std::string_view path) {
    constexpr std::string_view corrections = "/corrections/";
    const std::string& method = call.request.method;
    const bool reads = method == "GET" || method == "HEAD";
    if (path == "lookup") {
        if (method == "POST") {
            return look_up(call, core::RecordKeyKind::person);
        }
        return at_once(problem(view::method_not_allowed("POST"), call.context));
    }
    const auto slash = path.find('/');
    const auto handle = core::parse_uuid(path.substr(0, slash));
    const auto rest = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    if (!handle) {
        return at_once(problem(ports::Refusal("records.not_found"), call.context));
    }
    if (rest.starts_with(corrections)) {
        if (method == "PUT" || method == "DELETE") {
            std::string dataset(rest.substr(corrections.size()));
            return correct_person(call, *handle, std::move(dataset));
        }
        return at_once(problem(view::method_not_allowed("PUT, DELETE"), call.context));
    }
    if (!rest.empty() && rest != "/access-log") {
        return at_once(problem(ports::Refusal("request.not_found"), call.context));
    }
    if (!reads) {
        return at_once(problem(view::method_not_allowed("GET, HEAD"), call.context));
    }
    if (rest.empty()) {
        return get_person(call, *handle);
    }
    return get_access_log(call, *handle);
}

}   // namespace gateway::accept

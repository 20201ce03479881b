#include "adapters/folkeregister/freg_answers.hpp"

#include "adapters/common/fiks/fiks_errors.hpp"
#include "adapters/common/registers/register_failures.hpp"
#include "adapters/folkeregister/freg_person.hpp"

#include <algorithm>

namespace gateway::folkeregister {

using json::Value;
using registers::make_failure;
using registers::Reading;

namespace {

constexpr std::size_t answer_bytes_max = 64U << 20U;   // 1000 persons with their families
constexpr std::size_t values_max = 5'000'000;

registers::Reply failed(core::Code code, core::Params params = {}) {
    registers::Reply reply;
    reply.failure = make_failure(std::move(code), std::move(params));
    return reply;
}

registers::Reply reply_of(const Settings& settings, const std::string& number, Person person,
                          core::Time asked_at) {
    registers::Reply reply;
    reply.entry.key = number;
    reply.entry.value = std::move(person.value);
    reply.entry.fetched_at = asked_at;
    reply.entry.valid_until = asked_at + settings.age_max;
    reply.entry.register_time = person.register_time;
    return reply;
}

Reading nothing(sdk::RegisterFailure failure) {
    Reading reading;
    reading.failure = std::move(failure);
    return reading;
}

/// The one of those asked about whom the element is of; empty: nobody. A person is asked about by a
/// former number, too, and then told of by the one in use.
std::string whose(const std::string& said, const Person& person, const registers::Keys& numbers) {
    const auto asked = [&](const std::string& number) {
        return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
    };
    if (asked(said)) {
        return person.numbers.empty() || person.numbers.contains(said) ? said : std::string();
    }
    const auto known = std::find_if(person.numbers.begin(), person.numbers.end(), asked);
    return known == person.numbers.end() || !person.numbers.contains(said) ? std::string() : *known;
}

}   // namespace

std::string Question::text() const {
    std::string made = role;
    for (const auto& part : parts) {
        made += "&part=" + part;
    }
    return made;
}

Question Question::parse(const std::string& text) {
    constexpr std::string_view before = "&part=";
    Question question;
    auto at = text.find(before);
    question.role = text.substr(0, at);
    while (at != std::string::npos) {
        const auto begin = at + before.size();
        at = text.find(before, begin);
        question.parts.push_back(text.substr(begin, at - begin));
    }
    return question;
}

sdk::HttpRequest persons_request(const Settings& settings, const Question& question,
                                 const registers::Keys& numbers) {
    std::string url = settings.access.base_url + "/folkeregister/api/v1/" + question.role +
                      "/v1/personer/bulkoppslag";
    char before = '?';
    for (const auto& part : question.parts) {
        url += before + ("part=" + part);
        before = '&';
    }
    Value list = Value::array();
    for (const auto& number : numbers) {
        list.push(number);
    }
    sdk::HttpRequest request("POST", std::move(url));
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("Accept", "application/json");
    request.body = json::write(Value::object().set("foedselsEllerDNummer", std::move(list)));
    request.answer_bytes_max = answer_bytes_max;
    return request;
}

std::optional<sdk::RegisterFailure> failure_of_status(const sdk::HttpResponse& response) {
    if (response.status == 200) {
        return std::nullopt;
    }
    const std::string error = fiks_platform::error_id(response);
    if (response.status == 404) {
        return make_failure("freg.role_unknown", {{"error", error}}, false);
    }
    if (response.status >= 400) {
        return make_failure("freg.refused",
                            {{"status", std::to_string(response.status)}, {"error", error}}, false);
    }
    return registers::failure_of_bad_answer(response);
}

sdk::RegisterFailure failure_of(const sdk::Outcome& outcome) {
    auto failure = registers::failure_of(outcome);
    if (failure.code.value == "fiks.no_access") {
        failure.code = "freg.role_refused";
    }
    return failure;
}

Reading read_persons(const Settings& settings, const sdk::HttpResponse& response,
                     const registers::Keys& numbers, core::Time asked_at) {
    if (auto failure = failure_of_status(response)) {
        auto reading = nothing(std::move(*failure));
        reading.refused_as_asked = response.status == 400 || response.status == 422;
        return reading;
    }
    json::ParseLimits limits;
    limits.bytes_max = answer_bytes_max;
    limits.values_max = values_max;
    const auto body = json::parse(response.body, limits);
    if (!body || !(*body)["oppslag"].is_array()) {
        return nothing(registers::failure_of_bad_answer(response));
    }
    Reading reading;
    std::map<std::string, const Value*> told;
    for (const Value& element : (*body)["oppslag"].items()) {
        const Value& document = element["folkeregisterperson"];
        Person person = read_person(document, settings.silent_is_ungraded);
        const std::string number =
            whose(element["foedselsEllerDNummer"].as_string(), person, numbers);
        if (number.empty()) {
            return nothing(make_failure("freg.wrong_person"));
        }
        const auto [before, first] = told.emplace(number, &document);
        if (!first) {
            if (!(*before->second == document)) {
                reading.replies[number] = failed("freg.contradicts_itself");
            }
        } else if (!person.fault.empty()) {
            reading.replies[number] =
                failed("freg.person_not_understood", {{"field", person.fault}});
        } else {
            reading.replies[number] = reply_of(settings, number, std::move(person), asked_at);
        }
    }
    return reading;
}

}   // namespace gateway::folkeregister

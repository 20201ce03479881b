#include "adapters/krr/standin/service.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/maskinporten_tokens.hpp"
#include "adapters/krr/standin/answer.hpp"
#include "adapters/krr/standin/people.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <stdexcept>

namespace gateway::krr::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr std::size_t persons_max = 1000;
constexpr std::size_t request_bytes_max = 256U << 10U;
constexpr std::size_t command_bytes_max = 64U << 10U;

CertificateForm form_of(const kit::Options& options) {
    const std::string form = options.text("certificate-form", "base64");
    if (form != "base64" && form != "pem") {
        throw std::invalid_argument("--certificate-form is base64 or pem");
    }
    return form == "pem" ? CertificateForm::pem : CertificateForm::base64;
}

bool is_number(const Value& value) {
    const std::string& text = value.as_string();
    return text.size() == 11 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

http::Response refusal(int status, const char* why) {
    Value body;
    body.set("status", status).set("error", why);
    return kit::json_response(status, body);
}

http::Response done() {
    Value body;
    body.set("ok", true);
    return kit::json_response(200, body);
}

http::Response wrong_command(std::string text) {
    Value body;
    body.set("error", std::move(text));
    return kit::json_response(400, body);
}

class Krr final : public kit::Service {
public:
    explicit Krr(kit::World& world)
        : world_(world),
          tokens_(world.options.text("maskinporten-url", ""),
                  world.options.text("maskinporten-ca", ""), world.clock),
          folder_(world.options.text("certificates", world.options.state + "/certificates")),
          certificates_(folder_, kit::seconds(world.clock.now())),
          answers_(certificates_, form_of(world.options)),
          people_(world.options.state + "/changes.json") {}

    void open(const std::string&) override { tell_mailboxes(); }
    sdk::Task<http::Response> handle(http::Request& request) override;
    sdk::Task<http::Response> control(http::Request& request) override;
    Value state() override;

    void reset() override {
        people_.reset();
        asked_ = 0;
        tell_mailboxes();
    }

    Value material() override {
        Value material;
        material.set("certificates", folder_);
        material.set("operator_ca", certificates_.authority_path());
        Value out;
        out.set("material", std::move(material));
        return out;
    }

private:
    sdk::Task<http::Response> persons(http::Request& request);
    http::Response answer(const Value& numbers, const Asker& asker, const http::Request& request);
    void distort(Value& list, const http::Request& request);
    void tell_mailboxes() const;

    kit::World& world_;
    kit::MaskinportenTokens tokens_;
    std::string folder_;
    kit::OperatorCertificates certificates_;
    Answers answers_;
    People people_;
    std::int64_t asked_ = 0;   // persons, all calls together
};

sdk::Task<http::Response> Krr::handle(http::Request& request) {
    const std::string& path = request.path;
    const bool look_up = path == "/rest/v1/personer" || path == "/rest/v2/personer";
    const bool print = path == "/rest/v2/printSertifikat";
    if ((look_up && request.method != "POST") || (print && request.method != "GET")) {
        http::Response response(405);
        response.headers.emplace_back("Allow", look_up ? "POST" : "GET");
        co_return response;
    }
    if (print) {
        co_return kit::json_response(200, answers_.print());
    }
    if (look_up) {
        http::Response response = co_await persons(request);
        co_return response;
    }
    co_return http::Response(404);
}

sdk::Task<http::Response> Krr::persons(http::Request& request) {
    const std::string token = kit::bearer_token(request);
    const auto claims = co_await tokens_.verify(token, kit::seconds(world_.clock.now()));
    if (!claims) {
        http::Response response(401);
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        co_return response;
    }
    const Asker asker(kit::scopes_of(*claims));
    if (!asker.contact && !asker.post) {
        co_return refusal(403, "insufficient_scope");
    }
    if (kit::media_type(request) != "application/json") {
        co_return refusal(415, "Content-Type is application/json");
    }
    const auto body = co_await kit::read_json(request, request_bytes_max);
    if (!body) {
        co_return refusal(400, "the body is not JSON");
    }
    co_return answer((*body)["personidentifikatorer"], asker, request);
}

http::Response Krr::answer(const Value& numbers, const Asker& asker, const http::Request& request) {
    const auto& items = numbers.items();
    if (items.empty() || items.size() > persons_max) {
        return refusal(400, "personidentifikatorer has 1 to 1000 numbers");
    }
    if (!std::all_of(items.begin(), items.end(), is_number)) {
        return refusal(400, "a personidentifikator has eleven digits");
    }
    const auto refused = world_.faults.take("refused_person", request);
    std::set<std::string> once;
    Value list = Value::array();
    for (const Value& item : items) {
        const std::string& number = item.as_string();
        if (refused && refused->with["person"].as_string() == number) {
            return refusal(400, "a personidentifikator cannot be used");
        }
        if (once.insert(number).second) {
            const Value* known = people_.find(number);
            list.push(answers_.person(number, known != nullptr ? *known : Value(), asker,
                                      world_.clock.now()));
        }
    }
    asked_ += static_cast<std::int64_t>(once.size());
    distort(list, request);
    Value out;
    out.set("personer", std::move(list));
    return kit::json_response(200, out);
}

/// Answers that a register never gives, on demand.
void Krr::distort(Value& list, const http::Request& request) {
    auto& items = list.mutable_items();
    if (world_.faults.take("wrong_person", request)) {
        items.front().set("personidentifikator", "01817012345");
    }
    if (world_.faults.take("missing_person", request)) {
        items.pop_back();
    }
    if (world_.faults.take("contradiction", request)) {
        Value other = items.front();
        other.set("reservasjon", other["reservasjon"].as_string() == "JA" ? "NEI" : "JA");
        items.push_back(std::move(other));
    }
    if (const auto fault = world_.faults.take("person_members", request)) {
        for (const auto& [name, value] : fault->with["set"].members()) {
            items.front().set(name, value);
        }
        for (const Value& name : fault->with["remove"].items()) {
            items.front().remove(name.as_string());
        }
    }
}

/// The access point's stand-in reads it: letters to any other address are refused there.
void Krr::tell_mailboxes() const {
    std::vector<kit::Mailbox> mailboxes;
    for (const auto& [number, person] : people_.all()) {
        if (person.has("mailbox")) {
            kit::Mailbox mailbox;
            mailbox.address = person["mailbox"]["address"].as_string();
            mailbox.organisation = person["mailbox"]["operator"].as_string();
            mailboxes.push_back(std::move(mailbox));
        }
    }
    kit::write_mailboxes(folder_, mailboxes);
}

sdk::Task<http::Response> Krr::control(http::Request& request) {
    if (request.method == "GET" && request.path == "/control/people") {
        Value list = Value::array();
        for (const auto& [number, person] : people_.all()) {
            list.push(person);
        }
        co_return kit::json_response(200, list);
    }
    if (request.method != "POST" || request.path != "/control/person") {
        co_return http::Response(404);
    }
    const auto command = co_await kit::read_json(request, command_bytes_max);
    if (!command) {
        co_return wrong_command(command.error().to_string());
    }
    if (const auto mistake = people_.change(*command)) {
        co_return wrong_command(*mistake);
    }
    tell_mailboxes();
    co_return done();
}

Value Krr::state() {
    Value out;
    out.set("people", static_cast<std::int64_t>(people_.all().size()));
    out.set("persons_asked", asked_).set("certificates", folder_);
    return out;
}

}   // namespace

std::unique_ptr<kit::Service> make_service(kit::World& world) {
    return std::make_unique<Krr>(world);
}

}   // namespace gateway::krr::standin

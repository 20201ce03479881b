#pragma once

// An Altinn that lives in the test: instances, the feed, subscriptions and what goes wrong with
// them; and the adapter against it, on a clock turned by hand.

#include "adapters/altinn_forms/forms_adapter.hpp"
#include "adapters/altinn_forms/forms_exchange.hpp"
#include "tests/support/fake_host.hpp"
#include "tests/support/run.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace forms_world {

namespace core = gateway::core;
namespace json = gateway::json;
namespace sdk = gateway::sdk;
namespace forms = gateway::altinn_forms;
using namespace std::chrono_literals;

inline constexpr const char* settings_text =
    R"({"organisation":"991825827","org":"ttd","apps":["skjema","annet"],"token_mode":"raw",
    "callback_url":"https://sluse.example","feed_seconds":60,"reconcile_minutes":60,
    "system_id":"991825827_sluse"})";

/// A form as Altinn knows it.
struct Form {
    std::string app = "skjema";
    std::string party = "50015641";
    std::string guid;
    core::Time changed{};
    bool ended = true;
    bool confirmed = false;
    bool confirmed_first = false;   // by somebody else, before the test
    bool hard_deleted = false;
    bool listed = true;
    json::Value data = json::Value::array();
    std::map<std::string, std::string> bytes;   // of the elements
    int confirmations = 0;

    std::string id() const { return party + "/" + guid; }
};

/// A request that Altinn got.
struct Asked {
    std::string method;
    std::string url;
    std::string body;
    std::string media_type;
    std::string disposition;
    std::string owner;   // X-Ai-InstanceOwnerIdentifier
};

/// One thread. Everything it is asked is answered at once.
class FakeAltinn final : public sdk::HttpClient {
public:
    explicit FakeAltinn(tests::FakeHost& host) : host_(host) {}

    sdk::Task<sdk::Result<sdk::HttpResponse>> send(sdk::HttpRequest request,
                                                   sdk::Deadline deadline) override;

    Form& add_form(const std::string& app = "skjema");
    /// One more file of the form; gives its id.
    std::string add_file(Form& form, const std::string& data_type, const std::string& type,
                         const std::string& name, const std::string& bytes,
                         const std::string& scan = "NotApplicable");
    json::Value event_of(const Form& form);
    /// In the feed; gives its text.
    std::string publish(const Form& form);
    json::Value instance(const Form& form) const;
    std::size_t count(const std::string& method, const std::string& part) const;

    /// Answers instead, when it gives something.
    std::function<std::optional<sdk::Result<sdk::HttpResponse>>(const Asked&)> instead;
    std::function<void(const Form&)> on_confirm;
    std::map<std::string, Form> forms;   // by "<party>/<guid>"
    std::deque<std::pair<core::Time, json::Value>> events;
    std::map<int, json::Value> subscriptions;
    std::vector<Asked> asked;
    std::size_t url_length_max = 4000;   // beyond it: 414
    std::size_t token_length = 20;       // of a continuation token

private:
    sdk::HttpResponse answer(const Asked& asked);
    sdk::HttpResponse list(const std::string& query);
    sdk::HttpResponse feed(const std::string& query);
    sdk::HttpResponse one(const std::string& path);
    sdk::HttpResponse take_upload(Form& form, const Asked& request);
    sdk::HttpResponse of_subscription(const Asked& asked, const std::string& rest);

    tests::FakeHost& host_;
    std::vector<const Form*> order_;   // by time
    int next_subscription_ = 1600;
};

struct World {
    tests::FakeHost fakes;
    boost::asio::io_context io;
    FakeAltinn altinn{fakes};
    sdk::Host host;
    std::unique_ptr<sdk::Adapter> adapter;

    explicit World(const std::string& settings = settings_text);
    /// As after a restart of the gateway: what is durable stays.
    void restart(const std::string& settings = settings_text);
    /// The receiver runs for so long.
    void run_for(core::Duration time);
    sdk::CallbackAnswer call_back(const std::string& secret, const std::string& body);
    /// The secret of the address that Altinn was last given for an app.
    std::string secret(const std::string& app = "skjema") const;
    /// Answers the validation of every subscription as Altinn does.
    void validate();
    std::size_t inbox() const { return fakes.inbound.messages.size(); }
    const sdk::InboundMessage& message(std::size_t index = 0) const {
        return fakes.inbound.messages.at(index);
    }
};

}   // namespace forms_world

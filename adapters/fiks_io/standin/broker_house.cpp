#include "adapters/fiks_io/standin/broker_house.hpp"

#include "adapters/common/standin/control.hpp"
#include "adapters/common/standin/http_tools.hpp"

#include <boost/asio/post.hpp>

namespace gateway::fiks_io::standin {

namespace kit = gateway::standin;
using json::Value;

namespace {

constexpr int deliveries = 3;   // wire notes 2.1: then it is a dead letter
constexpr std::chrono::milliseconds try_again{300};
constexpr std::chrono::milliseconds look_again{50};
constexpr std::chrono::seconds take_time_max{5};

std::string broker_folder(const kit::World& world) {
    return world.options.state + "/broker";
}

}   // namespace

BrokerHouse::BrokerHouse(kit::World& world, Access& access, const Book& book,
                         std::function<sdk::Task<bool>(Taken)> on_message)
    : world_(world),
      on_message_(std::move(on_message)),
      door_(world, access, book),
      publisher_(door_.own(), deliveries),
      tasks_(world.executor),
      consumer_(door_.own(), [this](Taken taken) {
          boost::asio::post(world_.executor, [this, taken = std::move(taken)]() mutable {
              tasks_.spawn(dispatch(std::move(taken)));
          });
      }) {}

std::string BrokerHouse::ca_path() const {
    return broker_folder(world_) + "/tls/ca.pem";
}

void BrokerHouse::start() {
    const kit::TlsFiles files =
        kit::tls_files(world_.ca(), "valid", kit::seconds(world_.clock.now()));
    BrokerSettings settings;
    settings.folder = broker_folder(world_);
    settings.auth_url = world_.control_url + "/control/door";
    settings.certificate_pem = files.certificate_pem;
    settings.key_pem = files.key_pem;
    settings.ca_pem = kit::read_file(world_.ca().root_path()).value_or("");
    broker_.emplace(settings, world_.clock);
    gate_.emplace(world_.executor,
                  static_cast<std::uint16_t>(world_.options.number("amqp-port", 0)));
    broker_->start();
    take_from(Publisher::dead_letters);
    moved();
    tasks_.spawn(prepare(broker_->plain_port()));
}

/// The broker is on other ports now.
void BrokerHouse::moved() {
    const bool there = broker_->is_running();
    gate_->lead_to(there ? broker_->tls_port() : std::uint16_t(0));
    publisher_.use(broker_->plain_port());
    consumer_.use(0);
}

/// A queue that has just come back takes a consumer and forgets it while it has no leader: so first
/// the queues, then those who take from them, and a look whether they do.
sdk::Task<void> BrokerHouse::prepare(std::uint16_t port) {
    while (broker_->plain_port() == port && broker_->is_running()) {
        bool ready = co_await publisher_.is_ready();
        if (ready) {
            consumer_.use(port);
            const auto end = world_.clock.in(take_time_max);
            ready = false;
            while (!ready && world_.clock.steady() < end.at) {
                ready = co_await is_taken_from();
                co_await world_.clock.sleep_until(world_.clock.steady() + look_again);
            }
        }
        if (ready) {
            door_.open();
            co_return;
        }
        consumer_.use(0);
        co_await world_.clock.sleep_until(world_.clock.steady() + try_again);
    }
}

sdk::Task<bool> BrokerHouse::is_taken_from() {
    for (const std::string& queue : taken_from_) {
        const auto depth = co_await publisher_.depth(queue);
        if (!depth || depth->consumers == 0) {
            co_return false;
        }
    }
    co_return true;
}

sdk::Task<void> BrokerHouse::purge(std::vector<std::string> queues) {
    for (const std::string& queue : queues) {
        co_await publisher_.empty(queue);
    }
}

sdk::Task<void> BrokerHouse::dispatch(Taken taken) {
    Taken copy = taken;
    copy.body.clear();   // only the tags are needed afterwards
    const bool done = co_await on_message_(std::move(taken));
    consumer_.settle(copy, done);
}

sdk::Task<std::optional<std::string>> BrokerHouse::act(Value command) {
    if (!broker_) {
        co_return "there is no broker";
    }
    const std::string act = command["act"].as_string();
    if (act == "cut") {
        gate_->cut();
    } else if (act == "refuse" || act == "accept") {
        gate_->refuse(act == "refuse");
    } else if (act == "stall" || act == "flow") {
        gate_->stall(act == "stall");
    } else if (act == "cut_after") {
        gate_->cut_next_after(static_cast<std::uint64_t>(command["bytes"].as_int()));
    } else if (act == "close_connections") {
        broker_->call("rabbit_networking", "close_all_connections", "[\"sandbox\"]");
    } else if (act == "block" || act == "unblock") {
        broker_->call("vm_memory_monitor", "set_vm_memory_high_watermark",
                      act == "block" ? "[0.0000001]" : "[0.4]");
    } else if (act == "stop" || act == "kill" || act == "restart") {
        gate_->lead_to(0);
        if (act == "kill") {
            broker_->kill();
        } else {
            co_await broker_->stop();
        }
        gate_->cut();
    } else if (act != "start") {
        co_return "act is cut, cut_after, refuse, accept, stall, flow, close_connections, block, "
                  "unblock, stop, kill, start or restart";
    }
    if ((act == "start" || act == "restart") && !broker_->is_running()) {
        co_await broker_->start_again();
        moved();
        co_await prepare(broker_->plain_port());   // who is answered may send at once
    }
    co_return std::nullopt;
}

Value BrokerHouse::audit() {
    Value out;
    out.set("running", broker_ && broker_->is_running());
    if (gate_) {
        out.set("accepted", static_cast<std::int64_t>(gate_->accepted()));
        out.set("connections", static_cast<std::int64_t>(gate_->connections()));
    }
    return out;
}

}   // namespace gateway::fiks_io::standin

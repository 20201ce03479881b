#pragma once

// How the two datasets are asked for: many units by a search, those a search does not have by
// themselves (it knows no deleted ones); roles one by one.

#include "adapters/common/registers/look_ups.hpp"
#include "adapters/enhetsregisteret/brreg_answers.hpp"
#include "adapters/enhetsregisteret/brreg_caller.hpp"

namespace gateway::enhetsregisteret {

/// Lives on its connection's strand.
class Organisations final : public registers::Source {
public:
    Organisations(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}
    sdk::Task<registers::Reading> ask(registers::Lane lane, registers::Keys keys,
                                      sdk::Deadline deadline) override;

private:
    sdk::Task<registers::Reading> search(Kind kind, registers::Keys keys, sdk::Deadline deadline);
    sdk::Task<UnitReading> single(Kind kind, std::string number, sdk::Deadline deadline);
    sdk::Task<UnitReading> either(std::string number, sdk::Deadline deadline);

    const Settings& settings_;
    sdk::Host& host_;
};

class Roles final : public registers::Source {
public:
    Roles(const Settings& settings, sdk::Host& host) : settings_(settings), host_(host) {}
    sdk::Task<registers::Reading> ask(registers::Lane lane, registers::Keys keys,
                                      sdk::Deadline deadline) override;

private:
    const Settings& settings_;
    sdk::Host& host_;
};

}   // namespace gateway::enhetsregisteret

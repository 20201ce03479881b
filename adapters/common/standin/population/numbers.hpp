#pragma once

// Synthetic national identity numbers: the month is 80 above a real one, the check digits fit.

#include <string>

namespace gateway::standin {

/// Number `index` of a series of adults born in 1960 to 1998.
std::string series_number(unsigned index);

struct Birthday {
    int year = 0;   // 1940 to 2039
    int month = 0;
    int day = 0;

    Birthday() = default;
    Birthday(int y, int m, int d) : year(y), month(m), day(d) {}
    std::string text() const;   // "2012-05-17"
};

/// Of somebody born that day; `tries` tells those of one day apart.
std::string number_of(const Birthday& born, bool female, unsigned tries);
/// As the number says: the birthday of one of the series, or of number_of().
Birthday birthday_of(const std::string& number);
bool is_female(const std::string& number);

}   // namespace gateway::standin

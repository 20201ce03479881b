#pragma once

// An official XML Schema of Fiks Arkiv, by its message type. libxml2 judges.

#include <memory>
#include <string>

namespace tests::arkiv {

class XmlSchema {
public:
    /// "no.ks.fiks.arkiv.v1.innsyn.sok"; fails the test when the schema cannot be read.
    explicit XmlSchema(const std::string& message_type);

    /// What is wrong with the document; empty when it is valid.
    std::string faults(const std::string& xml) const;

private:
    std::shared_ptr<void> schema_;
};

}   // namespace tests::arkiv

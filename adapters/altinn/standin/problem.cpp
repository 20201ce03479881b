#include "adapters/altinn/standin/problem.hpp"

#include "adapters/common/standin/http_tools.hpp"
#include "adapters/common/standin/jose.hpp"
#include "gateway/core/ids.hpp"

#include <array>
#include <cstdio>

namespace gateway::altinn::standin {

namespace {

using json::Value;

struct Known {
    int number;
    int status;
    const char* words;
};

// Numbers and statuses are the service's; the words are ours.
constexpr std::array<Known, 75> known{{
    {1001, 404, "No such correspondence"},
    {1002, 400, "The title has to be plain text"},
    {1003, 400, "The body has to be markdown"},
    {1004, 400, "The summary has to be plain text"},
    {1005, 400, "The uploaded files do not fit the attachments described"},
    {1006, 400, "A recipient is named twice"},
    {1007, 400, "An existing attachment was not found"},
    {1008, 400, "The due time is before today"},
    {1009, 400, "The due time is before the time of publishing"},
    {1013, 400, "A published correspondence cannot be deleted by its sender"},
    {1014, 400, "The correspondence is deleted already"},
    {1016, 400, "A due time is needed when confirmation is"},
    {1017, 400, "An existing attachment belongs to another sender"},
    {1018, 400, "An existing attachment is not published"},
    {1019, 400, "The correspondence has no content"},
    {1020, 400, "The title is empty"},
    {1021, 400, "The body is empty"},
    {1022, 400, "The body is too long"},
    {1023, 400, "The language is one of nb, nn, en"},
    {1024, 400, "Fetch the correspondence before it is read"},
    {1025, 400, "Fetch the correspondence before it is confirmed"},
    {1026, 400, "Confirm the correspondence before it is deleted"},
    {1027, 400, "from is after to"},
    {1029, 404, "A recipient was not found"},
    {1030, 422, "A recipient is reserved against digital post"},
    {1031, 400, "The attachment is not available to the recipient"},
    {1032, 500, "The contact and reservation register did not answer"},
    {1033, 400, "The idempotent key is a GUID that is not empty"},
    {1034, 409, "A correspondence with the same idempotent key already exists"},
    {1035, 400, "A reply option is an https address of at most 255 characters"},
    {1037, 400, "The title is longer than 255 characters"},
    {1038, 400, "A correspondence has at most 100 attachments"},
    {1039, 400, "The sender's name has to be plain text"},
    {1040, 400, "The correspondence is marked as read already"},
    {1041, 400, "The correspondence is confirmed already"},
    {1042, 400, "The summary is longer than 255 characters"},
    {1043, 400, "A transmission cannot be deleted"},
    {1044, 400, "The external reference is refused on input"},
    {1045, 400, "A transmission has exactly one recipient"},
    {1046, 400, "The recipient is not the party of the dialog"},
    {1047, 400, "An idempotent key goes with exactly one recipient"},
    {1050, 400, "The dialog belongs to another service owner"},
    {1051, 400, "A transmission has no reply options and no confirmation"},
    {1052, 400, "A transmission type needs a dialog"},
    {1053, 400, "The transmission type is unknown"},
    {1054, 404, "No such dialog"},
    {1055, 400, "An existing attachment expires too soon"},
    {1060, 400, "The resource is confidential, the correspondence is not"},
    {1061, 400, "The correspondence is confidential, the resource is not"},
    {2001, 404, "No such attachment"},
    {2002, 502, "The upload failed"},
    {2003, 400, "The attachment belongs to a correspondence already"},
    {2004, 400, "The file is empty or too large"},
    {2005, 400, "The file is uploaded already or on its way"},
    {2006, 400, "The file is deleted"},
    {2007, 400, "The attachment is linked to a correspondence"},
    {2008, 400, "The checksum does not fit the file"},
    {2009, 400, "The file's location is not known"},
    {2010, 400, "The file has no name"},
    {2011, 400, "The file's name is too long"},
    {2012, 400, "The file's name has characters that are not allowed"},
    {2013, 400, "The file's type is not allowed"},
    {2014, 451, "No service owner agreement in this environment"},
    {2016, 400, "The attachment is part of a published correspondence"},
    {3002, 400, "Subject and body of the e-mail are missing"},
    {3003, 400, "Subject and body of the reminder's e-mail are missing"},
    {3004, 400, "The text message is missing"},
    {3005, 400, "The reminder's text message is missing"},
    {3006, 400, "E-mail and text message are both needed for a preferred channel"},
    {3007, 400, "The reminder needs e-mail and text message for a preferred channel"},
    {3024, 400, "E-mail and text message are both needed for both channels"},
    {3025, 400, "The reminder needs e-mail and text message for both channels"},
    {4001, 401, "No access to the resource"},
    {4009, 400, "The resource is of another type"},
    {4010, 400, "The resource is of another type than a transmission allows"},
}};

struct Title {
    int status;
    const char* text;
    const char* section;
};
constexpr std::array<Title, 10> titles{{{400, "Bad Request", "15.5.1"},
                                        {401, "Unauthorized", "15.5.2"},
                                        {403, "Forbidden", "15.5.4"},
                                        {404, "Not Found", "15.5.5"},
                                        {409, "Conflict", "15.5.10"},
                                        {410, "Gone", "15.5.11"},
                                        {422, "Unprocessable Entity", "15.5.21"},
                                        {451, "Unavailable For Legal Reasons", "15.5"},
                                        {500, "Internal Server Error", "15.6.1"},
                                        {502, "Bad Gateway", "15.6.3"}}};

Value problem(int status) {
    const char* text = "Error";
    std::string section = "15.5";
    for (const Title& title : titles) {
        if (title.status == status) {
            text = title.text;
            section = title.section;
        }
    }
    Value body;
    body.set("type", "https://tools.ietf.org/html/rfc9110#section-" + section);
    body.set("title", text).set("status", status).set("statusDescription", text);
    return body;
}

http::Response finish(int status, Value body) {
    const std::string trace = core::to_hex(gateway::standin::random_bytes(16));
    const std::string span = core::to_hex(gateway::standin::random_bytes(8));
    body.set("traceId", "00-" + trace + "-" + span + "-00");
    return http::Response(status, "application/problem+json; charset=utf-8", json::write(body));
}

}   // namespace

http::Response to_response(const Refusal& refusal) {
    int status = 400;
    std::string words = refusal.detail;
    for (const Known& entry : known) {
        if (entry.number == refusal.number) {
            status = entry.status;
            words = words.empty() ? entry.words : words;
        }
    }
    std::array<char, 16> code{};
    std::snprintf(code.data(), code.size(), "CORR-%05d", refusal.number);
    Value body = problem(status);
    body.set("detail", words).set("code", code.data()).set("errorCode", refusal.number);
    return finish(status, std::move(body));
}

http::Response to_response(const FieldFaults& faults) {
    Value errors = Value::object();
    Value list = Value::array();
    for (const FieldFault& fault : faults) {
        Value item;
        item.set("code", "CORR.VLD-00000").set("title", fault.title);
        item.set("paths", Value::array().push(fault.path));
        list.push(std::move(item));
        Value* same = errors.find(fault.path);
        if (same != nullptr) {
            same->push(fault.title);
        } else {
            errors.set(fault.path, Value::array().push(fault.title));
        }
    }
    Value body = problem(400);
    body.set("code", "STD-00000").set("validationErrors", std::move(list));
    body.set("errors", std::move(errors));
    return finish(400, std::move(body));
}

http::Response plain_problem(int status, std::string detail) {
    Value body = problem(status);
    body.set("detail", std::move(detail));
    return finish(status, std::move(body));
}

http::Response unauthorised() {
    http::Response response(401);
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

}   // namespace gateway::altinn::standin

#include "adapters/fiks_io/standin/archive_records.hpp"

#include "adapters/common/standin/http_tools.hpp"

#include <algorithm>

namespace gateway::fiks_io::standin {

using json::Value;

Value Case::to_json() const {
    Value out;
    out.set("id", id).set("outsideId", outside_id).set("title", title);
    out.set("year", year).set("sequence", sequence).set("records", records);
    return out;
}

Case Case::from_json(const Value& value) {
    Case out;
    out.id = value["id"].as_string();
    out.outside_id = value["outsideId"].as_string();
    out.title = value["title"].as_string();
    out.year = value["year"].as_int();
    out.sequence = value["sequence"].as_int();
    out.records = value["records"].as_int();
    return out;
}

Value Record::to_json() const {
    Value list = Value::array();
    for (const RecordFile& file : files) {
        Value item;
        item.set("id", file.id).set("name", file.name).set("sha256", file.sha256);
        list.push(std::move(item));
    }
    Value changes = Value::array();
    for (const std::string& update : updates) {
        changes.push(update);
    }
    Value out;
    out.set("id", id).set("outsideId", outside_id).set("title", title).set("type", type);
    out.set("case", case_id).set("year", year).set("sequence", sequence).set("number", number);
    out.set("files", std::move(list)).set("updates", std::move(changes));
    return out;
}

Record Record::from_json(const Value& value) {
    Record out;
    out.id = value["id"].as_string();
    out.outside_id = value["outsideId"].as_string();
    out.title = value["title"].as_string();
    out.type = value["type"].as_string();
    out.case_id = value["case"].as_string();
    out.year = value["year"].as_int();
    out.sequence = value["sequence"].as_int();
    out.number = value["number"].as_int();
    for (const Value& item : value["files"].items()) {
        out.files.push_back(
            {item["id"].as_string(), item["name"].as_string(), item["sha256"].as_string()});
    }
    for (const Value& item : value["updates"].items()) {
        out.updates.push_back(item.as_string());
    }
    return out;
}

Value Done::to_json() const {
    Value out;
    out.set("case", case_id).set("record", record_id).set("caseExisted", case_existed);
    return out;
}

Done Done::from_json(const Value& value) {
    Done out;
    out.case_id = value["case"].as_string();
    out.record_id = value["record"].as_string();
    out.case_existed = value["caseExisted"].as_bool();
    return out;
}

ArchiveRecords::ArchiveRecords(gateway::standin::Journal& journal) : journal_(journal) {
    for (const auto& [id, value] : journal_.take("case")) {
        save(Case::from_json(value));
    }
    for (const auto& [id, value] : journal_.take("record")) {
        save(Record::from_json(value));
    }
    for (const auto& [id, value] : journal_.take("done")) {
        set_done(id, Done::from_json(value));
    }
}

namespace {

template <class T>
T* find_in(std::map<std::string, T>& all, const std::string& any_id) {
    const auto direct = all.find(any_id);
    if (direct != all.end()) {
        return &direct->second;
    }
    const auto found = std::find_if(all.begin(), all.end(), [&any_id](const auto& entry) {
        const T& one = entry.second;
        return !any_id.empty() &&
               (one.outside_id == any_id ||
                std::to_string(one.year) + "/" + std::to_string(one.sequence) == any_id);
    });
    return found == all.end() ? nullptr : &found->second;
}

}   // namespace

Case* ArchiveRecords::find_case(const std::string& any_id) {
    return find_in(cases_, any_id);
}

Record* ArchiveRecords::find_record(const std::string& any_id) {
    return find_in(records_, any_id);
}

Case& ArchiveRecords::add(Case made, std::int64_t year) {
    made.id = gateway::standin::random_uuid();
    made.year = year;
    made.sequence = case_numbers_[year] + 1;
    const std::string id = made.id;
    save(made);
    return cases_.at(id);
}

Record& ArchiveRecords::add(Record made, std::int64_t year) {
    made.id = gateway::standin::random_uuid();
    made.year = year;
    made.sequence = record_numbers_[year] + 1;
    if (Case* in = find_case(made.case_id)) {
        made.number = ++in->records;
        save(Case(*in));
    }
    const std::string id = made.id;
    save(made);
    return records_.at(id);
}

void ArchiveRecords::save(const Case& changed) {
    journal_.put("case", changed.id, changed.to_json());
    std::int64_t& last = case_numbers_[changed.year];
    last = std::max(last, changed.sequence);
    cases_[changed.id] = Case(changed);
}

void ArchiveRecords::save(const Record& changed) {
    journal_.put("record", changed.id, changed.to_json());
    std::int64_t& last = record_numbers_[changed.year];
    last = std::max(last, changed.sequence);
    records_[changed.id] = Record(changed);
}

const Done* ArchiveRecords::done(const std::string& key) const {
    const auto found = done_.find(key);
    return found == done_.end() ? nullptr : &found->second;
}

void ArchiveRecords::set_done(const std::string& key, const Done& done) {
    journal_.put("done", key, done.to_json());
    done_[key] = done;
}

Value ArchiveRecords::audit() const {
    Value cases = Value::array();
    for (const auto& [id, one] : cases_) {
        cases.push(one.to_json());
    }
    Value records = Value::array();
    for (const auto& [id, one] : records_) {
        records.push(one.to_json());
    }
    Value out;
    out.set("cases", std::move(cases)).set("records", std::move(records));
    return out;
}

void ArchiveRecords::clear() {
    cases_.clear();
    records_.clear();
    done_.clear();
    case_numbers_.clear();
    record_numbers_.clear();
}

}   // namespace gateway::fiks_io::standin

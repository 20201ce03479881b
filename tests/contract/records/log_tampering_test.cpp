// Whoever can write the database knows how the chain is made and can make it anew. Thousands of
// random changes of a real database, by hands that know no more than the file: each is found.

#include "gateway/crypto/vault.hpp"
#include "gateway/records/log_check.hpp"
#include "gateway/store/sqlite/access_log_rows.hpp"
#include "gateway/store/sqlite/record_operations.hpp"
#include "record_commands.hpp"

#include <fstream>
#include <iterator>
#include <random>

using namespace tests;
namespace sqlite = gateway::store::sqlite;
namespace records = gateway::records;
using Log = std::vector<ports::LogEntry>;

namespace {

constexpr std::size_t entries = 40;

const gateway::crypto::Vault& vault() {
    static const gateway::crypto::Vault one(
        gateway::crypto::SecretKey(std::array<std::uint8_t, 32>{4, 2}));
    return one;
}

std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void rehash(Log& log, std::size_t from) {
    for (auto i = from; i < log.size(); ++i) {
        log[i].number = i + 1;
        log[i].hash =
            records::chain_hash(i == 0 ? records::first_hash() : log[i - 1].hash,
                                records::canonical_bytes(oslo, log[i].number, log[i].entry));
    }
}

/// A database with a log, and its checkpoints as a file has them.
class Scene {
public:
    explicit Scene(unsigned seed) : random_(seed) {
        RecordWorld<InSqlite> world;
        const auto kari = world.known("kari");
        records::Checkpoint checkpoint;
        checkpoint.tenant = oslo;
        checkpoint.before = records::first_hash();
        for (std::size_t i = 0; i < entries; ++i) {
            auto entry = entry_of(world, i % 3 == 0 ? std::optional(kari) : std::nullopt,
                                  i % 2 == 0 ? visma : gerica);
            entry.sealed_detail = random_bytes(24);
            entry.fields.resize(i % 3);
            world.clock.advance(1s);
            checkpoint.head = *world.run(world.records().write_log(oslo, {entry}));
            REQUIRE(world.run(world.records().write_log(bergen, {entry})).has_value());
            if (i % 10 == 5 || i + 1 == entries) {
                const auto line = records::write_checkpoint(checkpoint, vault());
                checkpoints_ += line + "\n";
                checkpoint.before = records::line_hash(line);
            }
        }
        world.run(world.store->close());
        std::filesystem::copy_file(world.kind.path(), path());
        world.store = world.kind.open();
        sqlite::OpenOptions options;
        options.path = path();
        options.may_write = true;
        database_ = std::move(*sqlite::Database::open(options));
    }

    std::string path() const { return folder_.file("sluse.db"); }
    sqlite::Database& db() { return *database_; }
    std::size_t up_to(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    std::string random_bytes(std::size_t count) {
        std::string bytes(count, '\0');
        for (auto& one : bytes) {
            one = static_cast<char>(up_to(256));
        }
        return bytes;
    }
    Log read() {
        ports::LogQuery query;
        query.tenant = oslo;
        query.limit = 10'000;
        return *sqlite::read_log(db(), query);
    }
    void write(const Log& log) {
        db().run("DELETE FROM access_log WHERE tenant = ?", oslo);
        for (const auto& one : log) {
            std::string fields;
            for (const auto& field : one.entry.fields) {
                fields += fields.empty() ? field : "," + field;
            }
            db().run("INSERT INTO access_log (tenant, number, kind, at, system, purpose, dataset, "
                     "fields, subject, freshness, code, sealed, hash) VALUES "
                     "(?,?,?,?,?,?,?,?,?,?,?,?,?)",
                     oslo, one.number, static_cast<int>(one.entry.kind), one.entry.at,
                     one.entry.system, one.entry.purpose, one.entry.dataset, fields,
                     one.entry.subject, one.entry.freshness, one.entry.code.value,
                     sqlite::Blob(one.entry.sealed_detail), sqlite::Blob(one.hash));
        }
    }
    records::LogReport verify() { return verify(read()); }
    records::LogReport verify(const Log& log) const {
        records::CheckpointReader reader(oslo, vault().verification_key());
        reader.add(checkpoints_);
        reader.end();
        records::LogVerifier verifier(oslo, reader);
        for (const auto& entry : log) {
            verifier.add(entry);
        }
        return verifier.finish();
    }

    void edit(ports::NewLogEntry& entry) {
        switch (up_to(9)) {
        case 0: entry.kind = static_cast<ports::LogKind>(2 + up_to(8)); break;
        case 1:
            entry.at += core::Duration(1 + static_cast<std::int64_t>(up_to(1'000'000'000)));
            break;
        case 2: entry.system.value += 'x'; break;
        case 3: entry.purpose.value = "skole"; break;
        case 4: entry.dataset = "organisation"; break;
        case 5: entry.fields.emplace_back("birthDate"); break;
        case 6:
            entry.subject = core::Uuid();
            entry.subject->bytes[up_to(16)] = static_cast<std::uint8_t>(1 + up_to(255));
            break;
        case 7: entry.freshness = "stale"; break;
        default: entry.sealed_detail = random_bytes(24); break;
        }
    }

    /// One change, in the words of who made it.
    std::string tamper() {
        auto log = read();
        const auto at = up_to(log.size());
        const auto other = (at + 1 + up_to(log.size() - 1)) % log.size();
        std::string what;
        switch (up_to(12)) {
        case 0:
            what = "edited";
            edit(log[at].entry);
            break;
        case 1:
            what = "edited, with its own hash anew";
            edit(log[at].entry);
            log[at].hash =
                records::chain_hash(at == 0 ? records::first_hash() : log[at - 1].hash,
                                    records::canonical_bytes(oslo, at + 1, log[at].entry));
            break;
        case 2:
            what = "edited, with the whole chain anew";
            edit(log[at].entry);
            rehash(log, at);
            break;
        case 3:
            what = "deleted";
            log.erase(log.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 4:
            what = "deleted, numbers and chain anew";
            log.erase(log.begin() + static_cast<std::ptrdiff_t>(at));
            rehash(log, at);
            break;
        case 5:
            what = "two in each other's place";
            std::swap(log[at].entry, log[other].entry);
            std::swap(log[at].hash, log[other].hash);
            break;
        case 6:
            what = "two in each other's place, chain anew";
            std::swap(log[at].entry, log[other].entry);
            rehash(log, std::min(at, other));
            break;
        case 7:
            what = "end cut off";
            log.resize(at);
            break;
        case 8: {
            what = "rolled back and gone on with";
            log.resize(at);
            while (log.size() < entries + up_to(5)) {
                log.emplace_back();
                log.back().entry.dataset = "forged";
            }
            rehash(log, at);
            break;
        }
        case 9: {
            what = "one put in, chain anew";
            auto forged = log[other];
            log.insert(log.begin() + static_cast<std::ptrdiff_t>(at), forged);
            rehash(log, at);
            break;
        }
        case 10:
            what = "hash changed";
            log[at].hash[up_to(32)] ^= static_cast<char>(1 + up_to(255));
            break;
        default: {
            what = "another tenant's log in its place";
            ports::LogQuery query;
            query.tenant = bergen;
            query.limit = 10'000;
            log = *sqlite::read_log(db(), query);
            break;
        }
        }
        write(log);
        return what + " at " + std::to_string(at + 1);
    }

private:
    std::mt19937 random_;
    TemporaryFolder folder_;
    std::unique_ptr<sqlite::Database> database_;
    std::string checkpoints_;
};

/// Whether the log is what it was, for tampering that may undo itself: two entries may be alike.
bool is_same(const Log& a, const Log& b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](const auto& one, const auto& two) {
               return one.hash == two.hash &&
                      records::canonical_bytes(oslo, one.number, one.entry) ==
                          records::canonical_bytes(oslo, two.number, two.entry);
           });
}

}   // namespace

TEST_CASE("access log: thousands of random tamperings of a database are all found", "[contract]") {
    const auto seed = Catch::rngSeed();
    INFO("seed " << seed);
    Scene scene(seed);
    const auto before = scene.read();
    REQUIRE(before.size() == entries);
    REQUIRE(scene.verify().sound());
    REQUIRE(scene.verify().proved == entries);
    std::size_t made = 0;
    for (int round = 0; round < 5'000; ++round) {
        scene.db().run("BEGIN");
        const auto what = scene.tamper();
        const auto after = scene.read();
        REQUIRE_FALSE(scene.db().failure().has_value());
        if (!is_same(before, after)) {
            ++made;
            INFO("round " << round << ": " << what);
            REQUIRE_FALSE(scene.verify(after).sound());
        }
        scene.db().run("ROLLBACK");
    }
    CHECK(made > 4'900);
    CHECK(scene.verify().sound());
}

TEST_CASE("access log: whatever bit of an entry is flipped in the file, it is found",
          "[contract]") {
    const auto seed = Catch::rngSeed();
    INFO("seed " << seed);
    Scene scene(seed);
    const auto log = scene.read();
    const auto whole = bytes_of(scene.path());
    TemporaryFolder folder;
    const auto path = folder.file("flipped.db");
    for (int round = 0; round < 300; ++round) {
        const auto& one = log[scene.up_to(log.size())];
        const auto& text = scene.up_to(2) == 0 ? one.hash : one.entry.sealed_detail;
        auto place = whole.find(text);
        REQUIRE(place != std::string::npos);
        // Both tenants' entries have the same detail; the one of ours has our hash behind it.
        while (place != std::string::npos &&
               whole.substr(place, text.size() + one.hash.size()).find(one.hash) ==
                   std::string::npos) {
            place = whole.find(text, place + 1);
        }
        REQUIRE(place != std::string::npos);
        auto flipped = whole;
        flipped[place + scene.up_to(text.size())] ^= static_cast<char>(1 << scene.up_to(8));
        std::ofstream(path, std::ios::binary) << flipped;
        Log read;
        const auto done = gateway::store::read_access_log(
            path, oslo, [&read](const ports::LogEntry& entry) { read.push_back(entry); });
        INFO("round " << round << " entry " << one.number);
        REQUIRE((done.has_error() || !scene.verify(read).sound()));
    }
}

TEST_CASE("access log: an index that hides an entry from a person's report is found",
          "[contract]") {
    Scene scene(1);
    REQUIRE(gateway::store::verify_database(scene.path())->empty());
    // By a hand that has the index made without the entry, and then says that it is whole.
    const auto change = [&scene](const std::string& from, const std::string& to) {
        sqlite::OpenOptions options;
        options.path = scene.path();
        options.may_write = true;
        auto db = std::move(*sqlite::Database::open(options));
        db->script("PRAGMA writable_schema=ON");
        db->run("UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE name = "
                "'access_log_of_subject'",
                from, to);
        REQUIRE_FALSE(db->failure().has_value());
    };
    const std::string whole = "WHERE subject IS NOT NULL";
    const auto partial = whole + " AND number <> 4";
    change(whole, partial);
    {
        sqlite::OpenOptions options;
        options.path = scene.path();
        options.may_write = true;
        auto db = std::move(*sqlite::Database::open(options));
        db->script("REINDEX access_log_of_subject");
        REQUIRE_FALSE(db->failure().has_value());
    }
    change(partial, whole);
    const auto faults = gateway::store::verify_database(scene.path());
    REQUIRE(faults.has_value());
    CHECK_FALSE(faults->empty());
}

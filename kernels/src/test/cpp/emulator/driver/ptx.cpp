#include "driver/ptx.h"

#include <cctype>
#include <cstdlib>
#include <cstring>

namespace emulator {

namespace {

/** A cursor over PTX that skips blanks and comments and hands out words. */
class Words {
public:
    explicit Words(const char* text) : at_(text) {}

    /** The next word: a name or directive with its dots, a number, or one character of punctuation. "" at the end. */
    std::string next() {
        skip_blanks();
        const char* start = at_;
        if (!*at_) {
            return "";
        }
        while (is_word(*at_)) {
            at_++;
        }
        if (at_ == start) {
            at_++;
        }
        return std::string(start, at_);
    }

private:
    static bool is_word(char c) { return isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '$'; }

    void skip_blanks() {
        for (;;) {
            if (isspace(static_cast<unsigned char>(*at_))) {
                at_++;
            } else if (at_[0] == '/' && at_[1] == '/') {
                at_ += strcspn(at_, "\n");
            } else if (at_[0] == '/' && at_[1] == '*') {
                const char* end = strstr(at_ + 2, "*/");
                at_ = end ? end + 2 : at_ + strlen(at_);
            } else {
                return;
            }
        }
    }

    const char* at_;
};

unsigned number(const std::string& word) {
    return static_cast<unsigned>(strtoul(word.c_str(), nullptr, 10));
}

/** 4 for ".u32": the bits that the name of a type ends with. */
unsigned bytes_of_type(const std::string& type) {
    size_t digits = type.find_last_not_of("0123456789") + 1;
    return number(type.substr(digits)) / 8;
}

/** The bytes of one variable: after its type come .align, the name and perhaps [count]. Stops behind "," ")" or ";". */
unsigned bytes_of_variable(Words& words, std::string& end) {
    unsigned bytes = 0;
    unsigned count = 1;
    for (end = words.next(); !end.empty() && end != "," && end != ")" && end != ";"; end = words.next()) {
        if (end == ".align") {
            words.next();
        } else if (end[0] == '.' && bytes_of_type(end) > 0) {
            bytes = bytes_of_type(end);
        } else if (end == "[") {
            count = number(words.next());
        }
    }
    return bytes * count;
}

void read_parameters(Words& words, PtxEntry& entry) {
    for (std::string word = words.next(); !word.empty() && word != ")";) {
        if (word == ".param") {
            entry.parameter_bytes.push_back(bytes_of_variable(words, word));
        } else {
            word = words.next();
        }
        if (word == ",") {
            word = words.next();
        }
    }
}

/** From the name to the closing brace of the body. */
PtxEntry read_entry(Words& words) {
    PtxEntry entry;
    entry.name = words.next();
    int depth = 0;
    std::string end;
    for (std::string word = words.next(); !word.empty(); word = words.next()) {
        if (word == "(" && depth == 0) {
            read_parameters(words, entry);
        } else if (word == ".maxntid") {
            entry.max_threads = number(words.next());
        } else if (word == "," && depth == 0) {
            entry.max_threads *= number(words.next());  // ".maxntid 256, 1, 1"
        } else if (word == ".shared") {
            entry.shared_bytes += bytes_of_variable(words, end);
        } else if (word == "{") {
            depth++;
        } else if (word == "}" && --depth == 0) {
            break;
        } else if (word == ";" && depth == 0) {
            break;
        }
    }
    return entry;
}

}  // namespace

const PtxEntry* PtxImage::find(const std::string& name) const {
    for (const PtxEntry& entry : entries) {
        if (entry.name == name) {
            return &entry;
        }
    }
    return nullptr;
}

bool read_ptx(const char* text, PtxImage& image) {
    Words words(text);
    unsigned module_shared = 0;
    std::string end;
    for (std::string word = words.next(); !word.empty(); word = words.next()) {
        if (word == ".version") {
            std::string version = words.next();
            image.version = atoi(version.c_str()) * 10 + atoi(version.c_str() + version.find('.') + 1);
        } else if (word == ".target") {
            std::string target = words.next();
            image.target = target.compare(0, 3, "sm_") == 0 ? atoi(target.c_str() + 3) : 0;
            image.exact = !target.empty() && target.back() == 'a';
        } else if (word == ".entry") {
            image.entries.push_back(read_entry(words));
        } else if (word == ".shared") {
            module_shared += bytes_of_variable(words, end);
        }
    }
    for (PtxEntry& entry : image.entries) {
        entry.shared_bytes += module_shared;  // of functions that any entry may call
    }
    return image.version > 0 && image.target > 0;
}

int newest_ptx(int driver_version) {
    struct Row {
        int driver, ptx;
    };
    // NVIDIA's table of PTX ISA versions by CUDA release.
    static constexpr Row ROWS[] = {{10000, 63}, {11000, 70}, {11010, 71}, {11020, 72}, {11030, 73}, {11040, 74},
                                   {11050, 75}, {11060, 76}, {11070, 77}, {11080, 78}, {12000, 80}, {12010, 81},
                                   {12020, 82}, {12030, 83}, {12040, 84}, {12050, 85}, {12070, 86}, {12080, 87},
                                   {12090, 88}, {13000, 90}};
    int newest = 0;
    for (const Row& row : ROWS) {
        newest = driver_version >= row.driver ? row.ptx : newest;
    }
    return newest;
}

}  // namespace emulator

#pragma once

#include "dialogporten/wire/shape.hpp"

namespace altinn_sim::dialogporten {

/// Appends `text` as a JSON string.
void write_string(std::string& out, std::string_view text);

/// Writes one JSON object, null members left out (dialogporten.md 1); what `describe` visits.
class Writer {
public:
  explicit Writer(std::string& out)
      : out_{out} {
    out_ += '{';
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void close() { out_ += '}'; }

  template <class T>
  void operator()(std::string_view name, const T& value);

  template <class T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (value) (*this)(name, *value);
  }

  template <class T>
  void not_null(std::string_view name, const T& value) {
    (*this)(name, value);
  }

  template <class T>
  void must(std::string_view name, const T& value) {
    (*this)(name, value);
  }

  void must_language(std::string_view name, const std::string& value) {
    (*this)(name, std::string_view{value});
  }

  template <class T>
  void filled(std::string_view name, const T& value) {
    if (!value.empty()) (*this)(name, value);
  }

  template <class T>
  void stored(std::string_view name, const T& value) {
    (*this)(name, value);
  }

  /// A member whose value is JSON already.
  void raw(std::string_view name, std::string_view json) {
    begin(name);
    out_ += json;
  }

private:
  void begin(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
  bool first_ = true;
};

inline void write(std::string& out, std::string_view value) {
  write_string(out, value);
}
inline void write(std::string& out, const std::string& value) {
  write_string(out, value);
}
inline void write(std::string& out, const char* value) {
  write_string(out, value);
}
inline void write(std::string& out, bool value) {
  out += value ? "true" : "false";
}
inline void write(std::string& out, const Uuid& value) {
  (out += '"') += to_string(value) += '"';
}
inline void write(std::string& out, Time value) {
  (out += '"') += to_string(value) += '"';
}

template <std::integral T>
void write(std::string& out, T value) {
  out += std::to_string(value);
}

template <class E>
requires std::is_enum_v<E>
void write(std::string& out, E value) {
  write_string(out, name_of(value));
}

template <class T>
void write(std::string& out, const std::vector<T>& list) {
  out += '[';
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (i > 0) out += ',';
    write(out, list[i]);
  }
  out += ']';
}

template <class T>
requires std::is_class_v<T>
void write(std::string& out, const T& value) {
  Writer writer{out};
  describe(writer, value);
  writer.close();
}

template <class T>
void Writer::operator()(std::string_view name, const T& value) {
  begin(name);
  write(out_, value);
}

} // namespace altinn_sim::dialogporten

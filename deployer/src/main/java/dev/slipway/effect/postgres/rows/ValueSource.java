package dev.slipway.effect.postgres.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Values that a column may take, as text that PostgreSQL casts to the column's type; the same
 * number always gives the same values.
 */
final class ValueSource {

  private static final int HEADER = 4;

  private ValueSource() {}

  /** The likeliest value first, different for each number where the type allows. */
  static List<String> candidates(Column column, int number) {
    List<String> plain = plain(column, number).distinct().toList();
    if (!column.array()) {
      return plain;
    }
    List<String> arrays = new ArrayList<>();
    plain.forEach(
        value -> arrays.add("{\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}"));
    arrays.add("{}");
    return arrays;
  }

  /** Values that a check suggests, the likeliest first. */
  static Stream<String> suggestions(CheckRule check, int number) {
    return Stream.concat(
        check.lengths().stream().map(length -> digits(number, length)),
        check.suggestions().stream());
  }

  private static Stream<String> plain(Column column, int number) {
    return switch (column.category()) {
      case "E" -> rotated(column.labels(), number);
      case "B" -> rotated(List.of("true", "false"), number);
      case "N" -> numbers(column, number);
      case "D" -> dates(column.base(), number);
      case "T" -> Stream.of(number + " minutes", "1 day", "0");
      case "I" ->
          Stream.of(
              column.base().equals("cidr")
                  ? "10.0." + number % 256 + ".0/24"
                  : "10.0.0." + number % 256);
      case "R" -> ranges(column.base());
      case "V" -> bits(column, number);
      case "S" -> texts(column, number);
      case "G" ->
          Stream.of(
              "(" + number + ",1)",
              "((0,0),(1," + number + "))",
              "{1,1," + number + "}",
              "<(0,0)," + number + ">");
      default -> others(column, number);
    };
  }

  private static Stream<String> rotated(List<String> values, int number) {
    return IntStream.range(0, values.size())
        .mapToObj(i -> values.get((i + number) % values.size()));
  }

  private static Stream<String> numbers(Column column, int number) {
    Stream<String> few = Stream.of("1", "0", "2", "10", "100", "0.5", "-1", "-50");
    if (column.base().matches("int[248]|oid")) {
      return Stream.concat(
          Stream.of(String.valueOf(number % 32_000)), few.filter(value -> !value.contains(".")));
    }
    if (column.modifier() < HEADER || !column.base().equals("numeric")) {
      return Stream.concat(Stream.of(number + ".25"), few);
    }
    int precision = (column.modifier() - HEADER) >> 16;
    int scale = (column.modifier() - HEADER) & 0x7ff;
    long whole = number % (long) Math.pow(10, Math.min(9, Math.max(0, precision - scale)));
    return Stream.concat(Stream.of(scale < 2 ? String.valueOf(whole) : whole + ".25"), few);
  }

  private static Stream<String> dates(String base, int number) {
    String date = "2024-%02d-%02d".formatted(1 + number / 28 % 12, 1 + number % 28);
    String time = "%02d:%02d:00".formatted(number / 60 % 24, number % 60);
    return switch (base) {
      case "date" -> Stream.of(date, "1970-01-01", "2124-01-01");
      case "time", "timetz" -> Stream.of(time, "00:00", "12:00");
      default -> Stream.of(date + " " + time + "+00", "1970-01-01 00:00+00", "2124-01-01 00:00+00");
    };
  }

  private static Stream<String> ranges(String base) {
    if (base.endsWith("multirange")) {
      return Stream.of("{}");
    }
    return base.startsWith("int") || base.startsWith("num")
        ? Stream.of("[1,5)", "empty")
        : Stream.of("[2024-01-01,2024-02-01)", "empty");
  }

  private static Stream<String> bits(Column column, int number) {
    int length = Math.max(1, column.modifier());
    String bits = "0".repeat(length) + Integer.toBinaryString(number);
    return Stream.of(bits.substring(bits.length() - length), "1".repeat(length));
  }

  private static Stream<String> texts(Column column, int number) {
    int length = length(column);
    return Stream.of(
            "row " + number,
            "r" + number,
            Integer.toString(number, 36),
            "row" + number + "@example.org",
            "https://row" + number + ".example.org",
            "+49301234" + number,
            "ABC",
            "abc",
            "A",
            "EUR",
            "en",
            "de-DE",
            "#00aaff",
            "12:30",
            "1.0.0",
            "2024-01-01",
            new UUID(number, number).toString(),
            digits(number, 32),
            digits(number, 64),
            "{}")
        .map(text -> text.length() <= length ? text : "")
        .filter(text -> !text.isEmpty());
  }

  private static int length(Column column) {
    return column.modifier() >= HEADER
        ? column.modifier() - HEADER
        : column.base().equals("name") ? 63 : column.base().equals("char") ? 1 : 10_000;
  }

  /** A text that is another one in small letters. */
  static Optional<String> capitalised(Column column, int number) {
    return Stream.of("Row " + number, "R" + number)
        .filter(text -> text.length() <= length(column))
        .findFirst();
  }

  /** Hexadecimal ones, as keys and checksums have. */
  private static String digits(int number, int length) {
    String digits = "a".repeat(length) + Integer.toHexString(number);
    return digits.substring(digits.length() - length);
  }

  private static Stream<String> others(Column column, int number) {
    return switch (column.base()) {
      case "json", "jsonb" -> Stream.of("{\"row\": " + number + "}", "[]", "{}", "\"row\"", "null");
      case "uuid" -> Stream.of(new UUID(0x4000L, 0x8000_0000_0000_0000L | number).toString());
      case "bytea" ->
          Stream.of(
              "\\x" + "%08x".formatted(number), "\\x" + "00".repeat(16), "\\x" + "00".repeat(32));
      case "macaddr" ->
          Stream.of("08:00:2b:00:%02x:%02x".formatted(number / 256 % 256, number % 256));
      case "macaddr8" ->
          Stream.of("08:00:2b:00:00:00:%02x:%02x".formatted(number / 256 % 256, number % 256));
      case "xml" -> Stream.of("<row>" + number + "</row>");
      case "hstore" -> Stream.of("row=>" + number);
      case "ltree" -> Stream.of("row." + number);
      case "geometry", "geography" -> Stream.of("POINT(" + number % 90 + " 1)");
      case "vector", "halfvec" ->
          Stream.of("[1" + ",0".repeat(Math.max(0, column.modifier() - 1)) + "]");
      case "pg_lsn" -> Stream.of("0/" + Integer.toHexString(number).toUpperCase(Locale.ROOT));
      default -> Stream.of("row" + number, String.valueOf(number), "");
    };
  }
}

// Whether a report is valid, by libxml2 and the schemas of test/data/report.
#pragma once

#include "c_ptr.hpp"
#include "report/format/aggregate.hpp"
#include "report/sample.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlschemas.h>

namespace sekisho::report {

using Document = CPtr<xmlDoc, &xmlFreeDoc>;

inline Document parse_document(const std::string& text) {
  return Document(
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, XML_PARSE_NONET));
}

inline bool is_valid_rfc9990(const std::string& text) {
  const CPtr<xmlSchemaParserCtxt, &xmlSchemaFreeParserCtxt> parser(
      xmlSchemaNewParserCtxt(path_of("dmarc-2.0.xsd").c_str()));
  const CPtr<xmlSchema, &xmlSchemaFree> schema(xmlSchemaParse(parser.get()));
  REQUIRE(schema);
  const CPtr<xmlSchemaValidCtxt, &xmlSchemaFreeValidCtxt> validator(
      xmlSchemaNewValidCtxt(schema.get()));
  const Document document = parse_document(text);
  return document && xmlSchemaValidateDoc(validator.get(), document.get()) == 0;
}

inline bool is_valid_rfc7489(const std::string& text) {
  const CPtr<xmlRelaxNGParserCtxt, &xmlRelaxNGFreeParserCtxt> parser(
      xmlRelaxNGNewParserCtxt(path_of("rfc7489.rng").c_str()));
  const CPtr<xmlRelaxNG, &xmlRelaxNGFree> schema(xmlRelaxNGParse(parser.get()));
  REQUIRE(schema);
  const CPtr<xmlRelaxNGValidCtxt, &xmlRelaxNGFreeValidCtxt> validator(
      xmlRelaxNGNewValidCtxt(schema.get()));
  const Document document = parse_document(text);
  return document && xmlRelaxNGValidateDoc(validator.get(), document.get()) == 0;
}

inline bool is_valid(const std::string& text, format::Form form) {
  return form == format::Form::rfc9990 ? is_valid_rfc9990(text) : is_valid_rfc7489(text);
}

}  // namespace sekisho::report

/** A street with a number, or a post code with a place, as they are written in the United States, Spain and Germany. */
const streets: readonly RegExp[] = [
  /\b\d{1,6}[A-Za-z]?,? (?:[\p{Lu}\d][\p{L}\p{N}.'\u2019-]{0,20} ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Court|Ct|Place|Pl|Square|Sq|Parkway|Pkwy|Highway|Hwy|Terrace|Suite)\b/u,
  /\bp\.? ?o\.? box \d|\b(?:apartado|postfach) \d/i,
  /\b(?:calle|avenida|avda|plaza|paseo|carrera|c\/)\.? (?:[\p{L}.'-]{1,20} ){1,4}\d/iu,
  /(?:stra\u00dfe|strasse|str\.|weg|platz|allee|gasse|ring|damm) \d/i,
];

const postCode = /\b[A-Z]{2},? \d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b(?:D-)?\d{5} \p{Lu}\p{L}{2,}/u;

const addressField =
  /^(?:location\.(?:full_?address|address1?|postal_?code)|custom_values\..*(?:addr|direcci|anschrift|adress))/i;

/** A merge field that is replaced by an address: the location's, or a custom value called so. */
export function isAddressField(path: string): boolean {
  return addressField.test(path);
}

/** Is a postal address written out in what the reader sees? */
export function holdsPostalAddress(visible: string): boolean {
  return postCode.test(visible) || streets.some((street) => street.test(visible));
}

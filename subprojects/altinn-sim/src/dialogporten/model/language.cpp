#include "dialogporten/model/language.hpp"

#include "dialogporten/model/text.hpp"

#include <algorithm>

namespace altinn_sim::dialogporten {

std::string normalized_language(std::string_view code) {
  const auto plain = trimmed(code);
  return lower(plain.substr(0, plain.find_first_of("-_")));
}

bool is_known_language(std::string_view code) {
  // dialogporten.md 3.8, each code followed by a space.
  constexpr std::string_view codes = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca "
                                     "ce ch co cr cs cu cv cy da de dv dz ee el "
                                     "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr "
                                     "ht hu hy hz ia id ie ig ii ik io is it iu "
                                     "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo "
                                     "lt lu lv mg mh mi mk ml mn mr ms mt my na "
                                     "nb nd ne ng nl nn nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro "
                                     "ru rw sa sc sd se sg si sk sl sm sn so sq "
                                     "sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur "
                                     "uz ve vi vo wa wo xh yi yo za zh zu ";
  if (code.size() != 2) return false;
  for (std::size_t i = 0; i + 2 < codes.size(); i += 3)
    if (codes.substr(i, 2) == code) return true;
  return false;
}

} // namespace altinn_sim::dialogporten

"""What runs on the (software) graphics card: colour, cloth patterns, wrinkles, light and shadow."""
# ruff: noqa: E501  (long lines of shader code)

PEOPLE, MATERIALS = 2, 32

VERTEX = """#version 330
in vec3 point; in vec3 normal; in vec3 pattern; in float material;
uniform mat4 clip; uniform mat4 sun_clip;
out vec3 world; out vec3 facing; out vec3 rest; out vec4 lit; flat out int which;
void main() {
  world = point; facing = normal; rest = pattern; which = int(material + .5);
  lit = sun_clip * vec4(point + normal * .012, 1.);
  gl_Position = clip * vec4(point, 1.);
}"""

SHADOW_VERTEX = """#version 330
in vec3 point; uniform mat4 clip;
void main() { gl_Position = clip * vec4(point, 1.); }"""

SHADOW_FRAGMENT = """#version 330
void main() {}"""

FRAGMENT = """#version 330
in vec3 world; in vec3 facing; in vec3 rest; in vec4 lit; flat in int which;
out vec4 colour;
uniform sampler2DShadow shadows;
uniform vec3 eye, sun, sun_colour, sky, ground;
uniform float shadow_depth, edge_dark;
uniform vec4 look_a[32];   // colour, pattern
uniform vec4 look_b[32];   // second colour, frequency
uniform vec4 look_c[32];   // bump, grain, shine, seed
uniform vec4 fit_a[2];     // hem, waist, end of the legs, socks
uniform vec4 fit_b[2];     // belt, sleeve, top lies over bottom, shoes
uniform vec4 fit_c[2];     // hem's tilt to the side, to the back, its wave, shoulder's x
uniform vec4 fit_d[2];     // heights of shoulder, collar, crown, chin

float hash(vec3 p) { p = fract(p * .1031); p += dot(p, p.zyx + 31.32); return fract((p.x + p.y) * p.z); }
float noise(vec3 p) {
  vec3 i = floor(p), f = fract(p); f = f * f * (3. - 2. * f);
  return mix(mix(mix(hash(i), hash(i + vec3(1, 0, 0)), f.x), mix(hash(i + vec3(0, 1, 0)), hash(i + vec3(1, 1, 0)), f.x), f.y),
             mix(mix(hash(i + vec3(0, 0, 1)), hash(i + vec3(1, 0, 1)), f.x),
                 mix(hash(i + vec3(0, 1, 1)), hash(i + vec3(1, 1, 1)), f.x), f.y), f.z);
}

int painted(int person) {   // which of a person's materials lies on the skin at this place
  vec4 a = fit_a[person], b = fit_b[person], c = fit_c[person];
  bool arm = abs(rest.x) > c.w + .35 * max(0., fit_d[person].x - rest.z);   // arms hang outwards at rest
  float hem = a.x + c.x * rest.x + c.y * rest.y + c.z * (noise(vec3(rest.xy * 14., 3.)) - .5);
  bool top = rest.z > hem && rest.z < fit_d[person].y && abs(rest.x) < b.y;
  bool bottom = rest.z < a.y && rest.z > a.z && !arm;
  if (rest.z < b.w && !arm) return 6;
  if (rest.z < a.w && !arm) return 4;
  if (top && (b.z > .5 || !bottom)) return 1;
  if (bottom) return rest.z > a.y - b.x ? 3 : 2;
  return 0;
}

vec3 dyed(int m) {   // one look-up of noise serves whichever pattern it is: the software card runs every branch
  vec3 one = look_a[m].rgb, two = look_b[m].rgb; float f = look_b[m].w; int p = int(look_a[m].w + .5);
  vec3 scale = p == 9 ? vec3(f * 4., f * .6, f) : (p == 11 ? vec3(f * 8.) : (p == 6 ? vec3(60.) : vec3(f)));
  float n = noise(rest * scale);
  vec2 cell = vec2(rest.x + rest.y * .7, rest.z) * f, g, e;
  if (p == 1) return mix(one, two, step(.5, fract(cell.y)));
  if (p == 2) return mix(one, two, step(.5, fract(cell.x)));
  if (p == 3) return mix(one, two, .5 * step(.5, fract(cell.y)) + .5 * step(.5, fract(cell.x)));
  if (p == 4) return mix(one, two, smoothstep(.4, .6, n));
  if (p == 5) return mix(one, two, step(abs(abs(atan(rest.x, -rest.y - .02)) - 1.57), .1 + .002 * f));
  if (p == 6) return mix(one, two, step(length(vec2(rest.x, rest.z - .3)), .12) * step(rest.y, 0.) * step(.4, n));
  if (p == 7) return mix(one, two, step(length(fract(cell) - .5), .28));
  if (p == 8) return n < .42 ? one : (n < .6 ? two : mix(one, two, .5));
  if (p == 9) {   // planks
    g = rest.xy * vec2(f * .3, f * .05); float row = floor(g.x); g.y += hash(vec3(row, 1., 2.));
    float board = hash(vec3(row, floor(g.y), 5.)); e = min(fract(g), 1. - fract(g));
    return mix(two, one * (.75 + .4 * board) * (.85 + .3 * n), smoothstep(0., .06, min(e.x, e.y * 4.)));
  }
  if (p == 10) { g = fract(rest.xy * f * .12); e = min(g, 1. - g); return mix(two, one, smoothstep(.01, .03, min(e.x, e.y))); }
  if (p == 11) return mix(one, two, step(.78, n));
  if (p == 12) {   // bricks
    g = vec2((rest.x + rest.y) * f * .25, rest.z * f * .6); g.x += .5 * mod(floor(g.y), 2.); e = min(fract(g), 1. - fract(g));
    return mix(two, one * (.8 + .4 * hash(vec3(floor(g), 1.))), smoothstep(.02, .08, min(e.x, e.y * .6)));
  }
  return one;
}

vec3 faced(vec3 skin, int person) {   // eyes, brows, nostrils and mouth, in shares of the head's height
  float crown = fit_d[person].z, chin = fit_d[person].w, size = crown - chin;
  if (size <= 0. || rest.y > -.07 || rest.z < chin || rest.z > crown) return skin;
  vec2 q = vec2(abs(rest.x), rest.z - .5 * (crown + chin)) / size, eye = q - vec2(.137, .01);
  if (length(eye / vec2(.028, .03)) < 1.) return vec3(.02, .015, .01);
  if (length(eye / vec2(.068, .034)) < 1.) return vec3(.75);
  if (abs(q.x - .14) < .085 && abs(q.y - .1 + 2. * (q.x - .14) * (q.x - .14)) < .017) return skin * .2;
  if (length((q - vec2(.035, -.185)) / vec2(.02, .012)) < 1.) return skin * .3;
  if (length((q - vec2(0., -.31)) / vec2(.115, .028)) < 1.) return skin * vec3(.6, .3, .3);
  return skin;
}

float shade() {
  if (shadow_depth <= 0.) return 1.;
  vec3 c = lit.xyz * .5 + .5; if (any(lessThan(c, vec3(0))) || any(greaterThan(c, vec3(1)))) return 1.;
  float s = 0.;
  for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) s += texture(shadows, vec3(c.xy + (vec2(i, j) - .5) * .006, c.z - .003));
  return 1. - shadow_depth * (1. - .25 * s);
}

void main() {
  vec3 N = normalize(facing), V = normalize(eye - world); if (dot(N, V) < 0.) N = -N;
  int m = which, person = which >= 7 ? 1 : 0; if (m == 7 * person) m += painted(person);
  vec3 base = pow(max(dyed(m), vec3(0)), vec3(2.2)); vec4 feel = look_c[m];
  if (m == 7 * person && which == m) base = faced(base, person);
  if (feel.x > 0.) {
    vec3 q = rest * feel.y + feel.w; float h = 1.3 * noise(q * vec3(1., 1., .6));
    vec3 sx = dFdx(world), sy = dFdy(world), r1 = cross(sy, N), r2 = cross(N, sx); float det = dot(sx, r1);
    vec3 slope = sign(det) * (dFdx(h) * r1 + dFdy(h) * r2);
    if (abs(det) > 1e-10) N = normalize(abs(det) * N - feel.x * slope);
  }
  float s = shade(), n = dot(N, sun);
  float direct = mix(max(n, 0.), max((n + .3) / 1.3, 0.), .35) * s;
  vec3 light = sun_colour * direct + mix(ground, sky, N.z * .5 + .5);
  vec3 half_way = normalize(sun + V);
  vec3 c = base * light + sun_colour * feel.z * s * pow(max(dot(N, half_way), 0.), 24.);
  float rim = 1. - max(dot(N, V), 0.); if (which < 14) c *= 1. - edge_dark * rim * rim;
  colour = vec4(pow(c / (1. + .15 * c), vec3(1. / 2.2)), 1.);
}"""

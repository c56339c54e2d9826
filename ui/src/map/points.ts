import { MercatorCoordinate, type CustomLayerInterface, type CustomRenderMethodInput, type Map as MapLibre } from 'maplibre-gl'
import type { Theme } from '@/app/preferences'
import { rank, type Level } from '@/kit/level'
import { magnification } from './magnify'
import { badges, mapColours, themeColours } from './style'

/** How a point's source is doing: solid, striped, hollow, dashed. */
export type Look = 'online' | 'stale' | 'silent' | 'never'

export interface LivePoint {
  id: string
  lon: number
  lat: number
  look: Look
  level: Level | null
}

const LOOKS: readonly Look[] = ['online', 'stale', 'silent', 'never']

const VERTEX = `#version 300 es
layout(location = 0) in vec2 a_offset;
layout(location = 1) in vec3 a_look;
uniform mat4 u_matrix;
uniform float u_zoom;
uniform float u_ratio;
flat out int v_look;
flat out int v_level;
flat out int v_selected;
flat out float v_radius;
flat out float v_size;
void main() {
  v_look = int(a_look.x + 0.5);
  v_level = int(a_look.y + 0.5);
  v_selected = int(a_look.z + 0.5);
  float base = mix(1.9, 4.0, clamp((u_zoom - 5.5) / 6.0, 0.0, 1.0));
  if (v_look != 0) base = max(base, 3.2);
  v_radius = v_level == 0 ? base : 5.9 - 0.5 * float(v_level);
  if (v_selected == 1) v_radius = max(v_radius, 4.0);
  v_size = 2.0 * (v_selected == 1 ? 13.0 : v_radius + 3.0);
  gl_PointSize = v_size * u_ratio;
  gl_Position = u_matrix * vec4(a_offset, 0.0, 1.0);
}`

const FRAGMENT = `#version 300 es
precision highp float;
flat in int v_look;
flat in int v_level;
flat in int v_selected;
flat in float v_radius;
flat in float v_size;
uniform vec3 u_point;
uniform vec3 u_outline;
uniform vec3 u_ground;
uniform vec3 u_accent;
uniform vec3 u_levels[4];
uniform float u_ratio;
out vec4 colour;
float inside(float edge, float d) { return 1.0 - smoothstep(edge - 0.6 / u_ratio, edge + 0.6 / u_ratio, d); }
void main() {
  vec2 at = (gl_PointCoord - 0.5) * v_size;
  float d = length(at);
  vec3 own = v_level == 0 ? u_point : u_levels[v_level - 1];
  float disc = inside(v_radius, d);
  float ring = disc * (1.0 - inside(v_radius - 1.3, d));
  float fill = disc;
  if (v_look == 1) {
    float stripe = step(0.5, fract((at.x + at.y) / 3.0));
    fill = max(ring, disc * stripe * 0.8);
  } else if (v_look == 2) {
    fill = ring;
  } else if (v_look == 3) {
    fill = ring * step(0.5, fract(atan(at.y, at.x) * 0.955 + 0.25)) * 0.8;
  }
  float dark = v_level == 0 ? 0.0 : inside(v_radius + 1.4, d) * (1.0 - disc);
  float back = v_look == 0 ? 0.0 : disc * 0.75;
  vec4 sum = vec4(u_outline, 1.0) * dark;
  sum = mix(sum, vec4(u_ground, 1.0), back);
  sum = mix(sum, vec4(own, 1.0), fill);
  if (v_selected == 1) {
    float halo = inside(11.5, d) * (1.0 - inside(9.5, d));
    sum = mix(sum, vec4(u_accent, 1.0), halo);
  }
  if (sum.a < 0.01) discard;
  colour = sum;
}`

function rgb(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1, 7), 16)
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

function compile(gl: WebGL2RenderingContext, type: number, text: string): WebGLShader {
  const shader = gl.createShader(type)
  if (!shader) throw new Error('the GL context is lost')
  gl.shaderSource(shader, text)
  gl.compileShader(shader)
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
    throw new Error(`shader does not compile: ${gl.getShaderInfoLog(shader) ?? ''}`)
  }
  return shader
}

const STRIDE = 12

/**
 * Live points as one draw call: 20 000 of them cost the CPU half a millisecond,
 * where a GeoJSON source stalls the page (measured under software GL).
 *
 * Positions are float32 offsets from an anchor near the view; absolute Mercator
 * numbers in float32 would shake by two metres when zoomed in.
 */
export class PointsLayer implements CustomLayerInterface {
  readonly type = 'custom' as const
  readonly renderingMode = '2d' as const
  visible = true

  private points: LivePoint[] = []
  private mercator = new Float64Array(0)
  private anchor: [number, number] = [0.85, 0.37]
  private selected: string | null = null
  private dirty = true
  private map: MapLibre | null = null
  private program: WebGLProgram | null = null
  private buffer: WebGLBuffer | null = null
  private array: WebGLVertexArrayObject | null = null
  private uniforms: Record<string, WebGLUniformLocation | null> = {}

  constructor(
    readonly id: string,
    private theme: Theme,
  ) {}

  /** Replaces all points; those with a level are drawn over the others, the gravest last. */
  set(points: LivePoint[]): void {
    const severity = (point: LivePoint): number => (point.level ? 5 - rank(point.level) : 0)
    this.points = [...points].sort((a, b) => severity(a) - severity(b))
    this.mercator = new Float64Array(2 * points.length)
    this.points.forEach((point, index) => {
      const at = MercatorCoordinate.fromLngLat([point.lon, point.lat])
      this.mercator[2 * index] = at.x
      this.mercator[2 * index + 1] = at.y
    })
    this.touch()
  }

  select(id: string | null): void {
    if (this.selected === id) return
    this.selected = id
    this.touch()
  }

  show(visible: boolean): void {
    this.visible = visible
    this.map?.triggerRepaint()
  }

  /** The id of the nearest point within `radius` px of a place on the screen. */
  find(map: MapLibre, x: number, y: number, radius = 10): string | null {
    if (!this.visible) return null
    const at = MercatorCoordinate.fromLngLat(map.unproject([x, y]))
    const perPixel = 1 / (512 * 2 ** map.getZoom())
    // A look at each of 20 000 points takes 0.1 ms: no index is needed.
    let best = (radius * perPixel) ** 2
    let found = -1
    for (let index = this.points.length - 1; index >= 0; index -= 1) {
      const distance = (this.mercator[2 * index]! - at.x) ** 2 + (this.mercator[2 * index + 1]! - at.y) ** 2
      if (distance < best) {
        best = distance
        found = index
      }
    }
    return this.points[found]?.id ?? null
  }

  onAdd(map: MapLibre, context: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = context as WebGL2RenderingContext
    this.map = map
    this.dirty = true
    const program = gl.createProgram()
    if (!program) return
    gl.attachShader(program, compile(gl, gl.VERTEX_SHADER, VERTEX))
    gl.attachShader(program, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT))
    gl.linkProgram(program)
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
      throw new Error(`shaders do not link: ${gl.getProgramInfoLog(program) ?? ''}`)
    }
    this.program = program
    for (const name of ['u_matrix', 'u_zoom', 'u_ratio', 'u_point', 'u_outline', 'u_ground', 'u_accent', 'u_levels']) {
      this.uniforms[name] = gl.getUniformLocation(program, name)
    }
    this.buffer = gl.createBuffer()
    this.array = gl.createVertexArray()
    gl.bindVertexArray(this.array)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
    gl.enableVertexAttribArray(0)
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, STRIDE, 0)
    gl.enableVertexAttribArray(1)
    gl.vertexAttribPointer(1, 3, gl.UNSIGNED_BYTE, false, STRIDE, 8)
    gl.bindVertexArray(null)
  }

  onRemove(_map: MapLibre, context: WebGLRenderingContext | WebGL2RenderingContext): void {
    const gl = context as WebGL2RenderingContext
    gl.deleteProgram(this.program)
    gl.deleteBuffer(this.buffer)
    gl.deleteVertexArray(this.array)
    this.program = this.buffer = this.array = null
    this.map = null
  }

  render(context: WebGLRenderingContext | WebGL2RenderingContext, input: CustomRenderMethodInput): void {
    const gl = context as WebGL2RenderingContext
    const map = this.map
    if (!this.visible || !this.program || !map || this.points.length === 0) return
    this.moveAnchor(map)
    gl.useProgram(this.program)
    gl.bindVertexArray(this.array)
    if (this.dirty) {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer)
      gl.bufferData(gl.ARRAY_BUFFER, this.pack(), gl.DYNAMIC_DRAW)
      this.dirty = false
    }
    // Every size in the shaders is in px of the page; a wall is read from afar.
    const ratio = map.getPixelRatio() * magnification.value
    gl.uniformMatrix4fv(this.uniforms.u_matrix!, false, this.shifted(input.defaultProjectionData.mainMatrix))
    gl.uniform1f(this.uniforms.u_zoom!, map.getZoom())
    gl.uniform1f(this.uniforms.u_ratio!, ratio)
    gl.uniform3fv(this.uniforms.u_point!, rgb(mapColours(this.theme).point))
    gl.uniform3fv(this.uniforms.u_outline!, rgb(themeColours('dark').bg))
    gl.uniform3fv(this.uniforms.u_ground!, rgb(mapColours(this.theme).land))
    gl.uniform3fv(this.uniforms.u_accent!, rgb(themeColours(this.theme).accent))
    gl.uniform3fv(this.uniforms.u_levels!, (['1', '2', '3', '4'] as const).flatMap((key) => rgb(badges[key].fill)))
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
    gl.disable(gl.DEPTH_TEST)
    gl.drawArrays(gl.POINTS, 0, this.points.length)
    gl.bindVertexArray(null)
  }

  private touch(): void {
    this.dirty = true
    this.map?.triggerRepaint()
  }

  private moveAnchor(map: MapLibre): void {
    if (map.getZoom() < 10) return
    const centre = MercatorCoordinate.fromLngLat(map.getCenter())
    const far = Math.max(Math.abs(centre.x - this.anchor[0]), Math.abs(centre.y - this.anchor[1]))
    if (far < 8 / 2 ** map.getZoom()) return
    this.anchor = [centre.x, centre.y]
    this.dirty = true
  }

  private pack(): ArrayBuffer {
    const packed = new ArrayBuffer(STRIDE * this.points.length)
    const view = new DataView(packed)
    this.points.forEach((point, index) => {
      const at = STRIDE * index
      view.setFloat32(at, this.mercator[2 * index]! - this.anchor[0], true)
      view.setFloat32(at + 4, this.mercator[2 * index + 1]! - this.anchor[1], true)
      view.setUint8(at + 8, LOOKS.indexOf(point.look))
      view.setUint8(at + 9, point.level ? rank(point.level) : 0)
      view.setUint8(at + 10, point.id === this.selected ? 1 : 0)
    })
    return packed
  }

  /** `matrix` × translation by the anchor, multiplied in double precision. */
  private shifted(matrix: ArrayLike<number>): Float32Array {
    const [x, y] = this.anchor
    const moved = Float64Array.from(matrix)
    for (let row = 0; row < 4; row += 1) {
      moved[12 + row] = matrix[row]! * x + matrix[4 + row]! * y + matrix[12 + row]!
    }
    return Float32Array.from(moved)
  }
}

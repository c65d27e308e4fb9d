"""Steel boules and the wooden jack, as spheres that the rays meet before the gravel."""

from dataclasses import dataclass

import numpy as np

from integrations.engine.colour import rgb
from integrations.engine.rasters import Floats, Indices, floats
from integrations.engine.shapes import Shape
from integrations.engine.site import Site

BOULE_RADIUS, JACK_RADIUS = 0.037, 0.015
STEEL, JACK = "#8d9196", "#c98a3a"


@dataclass(frozen=True)
class Boule:
    s: float  # plan coordinates of the point it lies on
    t: float
    radius: float
    albedo: Floats


def throw_boules(site: Site, shape: Shape, edging: float) -> tuple[Boule, ...]:
    """The jack and five boules around it, where the court is wide enough; else none."""
    rng = site.rng("boules")
    room = shape.distance - edging
    rows, columns = np.nonzero(room > min(1.2, 0.75 * float(room.max())))
    if float(room.max()) < 0.5:
        return ()
    index = int(rng.integers(rows.size))
    cell = shape.plan.cell
    jack_s, jack_t = float(columns[index]) * cell, float(rows[index]) * cell
    boules = [Boule(jack_s, jack_t, JACK_RADIUS, rgb(JACK))]
    for _ in range(5):
        angle, away = rng.uniform(0, 2 * np.pi), 0.1 + rng.gamma(2.0, 0.16)
        s, t = jack_s + away * float(np.cos(angle)), jack_t + away * float(np.sin(angle))
        apart = all(np.hypot(s - b.s, t - b.t) > 2.1 * BOULE_RADIUS for b in boules)
        if apart and _free(site, shape, edging, s, t):
            boules.append(Boule(s, t, BOULE_RADIUS, rgb(STEEL) * float(rng.uniform(0.8, 1.1))))
    return tuple(boules)


def _free(site: Site, shape: Shape, edging: float, s: float, t: float) -> bool:
    """Neither the boule nor the gravel that it hides from the eye is near the edging."""
    eye_s, eye_t = site.eye
    hidden = 2 * BOULE_RADIUS / site.plan.camera.elevation
    places = floats([s, s + hidden * (s - eye_s)]), floats([t, t + hidden * (t - eye_t)])
    return bool(shape.inside(*places).min() > edging + 0.05)


def draw_boules(
    boules: tuple[Boule, ...], site: Site, level: float, s: Floats, t: Floats, albedo: Floats
) -> None:
    """Shade the ground points (s, t), and replace those that a boule hides; in place.

    A point is hidden if the straight line from the eye to it passes through the sphere.
    """
    sun_s, sun_t = site.sun
    for boule in boules:
        near = np.flatnonzero((np.abs(s - boule.s) < 0.8) & (np.abs(t - boule.t) < 0.8))
        if not near.size:
            continue
        ds, dt = s[near] - boule.s, t[near] - boule.t
        albedo[near] *= _shadow(ds, dt, boule.radius, sun_s, sun_t)[:, None]
        _draw_sphere(boule, site, level, near, s, t, albedo)


def _shadow(ds: Floats, dt: Floats, radius: float, sun_s: float, sun_t: float) -> Floats:
    """Contact shadow under the boule, and a soft cast shadow on its far side from the sun."""
    contact = 0.7 * np.exp(-(ds**2 + dt**2) / (1.1 * radius) ** 2)
    along = -(ds * sun_s + dt * sun_t) - radius
    beside = ds * sun_t - dt * sun_s
    cast = 0.45 * np.exp(-((along / (1.3 * radius)) ** 2) - (beside / (0.8 * radius)) ** 2)
    return floats((1 - contact) * (1 - cast))


def _draw_sphere(
    boule: Boule,
    site: Site,
    level: float,
    near: Indices,
    s: Floats,
    t: Floats,
    albedo: Floats,
) -> None:
    eye_s, eye_t = site.eye
    eye = floats(
        [eye_s - boule.s, eye_t - boule.t, site.plan.camera.elevation - level - boule.radius]
    )
    ground = np.stack([s[near] - boule.s, t[near] - boule.t, np.full(near.size, -boule.radius)], 1)
    ray = floats(ground - eye)
    ray /= np.linalg.norm(ray, axis=1, keepdims=True)
    middle = -(ray @ eye)
    missed = float(eye @ eye) - middle**2
    hit = missed < boule.radius**2
    depth = middle[hit] - np.sqrt(boule.radius**2 - missed[hit])
    normal = (eye + depth[:, None] * ray[hit]) / boule.radius
    albedo[near[hit]] = _steel(boule, floats(normal), site.sun)


def _steel(boule: Boule, normal: Floats, sun: tuple[float, float]) -> Floats:
    """Bright sky above, dark ground below, a highlight towards the sun."""
    light = floats([0.6 * sun[0], 0.6 * sun[1], 0.8])
    sky = 0.45 + 0.55 * normal[:, 2]
    shine = np.clip(normal @ light, 0, 1) ** 24
    return floats(boule.albedo * sky[:, None] * 1.1 + 0.8 * shine[:, None])

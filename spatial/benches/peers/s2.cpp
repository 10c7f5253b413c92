// Google S2: MutableS2ShapeIndex and S2ContainsPointQuery with half-open borders, on the faces and points of the bench.
// usage: s2 DIR; for each line of input prints what was measured and nanoseconds a point, a line each, then an empty line.
// Writes DIR/s2.bin, an i32 a point, -1 outside.
#include <s2/mutable_s2shape_index.h>
#include <s2/s2cell_id.h>
#include <s2/s2contains_point_query.h>
#include <s2/s2latlng.h>
#include <s2/s2lax_polygon_shape.h>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

static std::vector<int32_t> read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
  std::vector<int32_t> values(bytes.size() / 4);
  std::copy(bytes.begin(), bytes.begin() + values.size() * 4, reinterpret_cast<char*>(values.data()));
  return values;
}

static S2Point point(int32_t x, int32_t y) { return S2LatLng::FromDegrees(y / 1e7, x / 1e7).ToPoint(); }

// Nanoseconds of this thread on a core, whoever else wants it meanwhile.
static double worked() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

static double since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count();
}

int main(int, char** arguments) {
  const std::string dir = arguments[1];
  const auto faces = read(dir + "/faces.bin");
  const auto points = read(dir + "/points.bin");

  auto start = std::chrono::steady_clock::now();
  MutableS2ShapeIndex index;
  for (size_t at = 1, face = 0; face < static_cast<size_t>(faces[0]); ++face) {
    std::vector<S2Point> ring;
    const size_t count = faces[at++];
    for (size_t vertex = 0; vertex < count; ++vertex, at += 2) ring.push_back(point(faces[at], faces[at + 1]));
    // The face lies to the left of its ring: what runs the other way round would be all of the globe but the face.
    double twice_area = 0;
    for (size_t vertex = 0; vertex < count; ++vertex) {
      const int32_t *a = &faces[at - 2 * count + 2 * vertex], *b = &faces[at - 2 * count + 2 * ((vertex + 1) % count)];
      twice_area += (static_cast<double>(a[0]) - faces[at - 2]) * (static_cast<double>(b[1]) - faces[at - 1]) -
                    (static_cast<double>(b[0]) - faces[at - 2]) * (static_cast<double>(a[1]) - faces[at - 1]);
    }
    if (twice_area < 0) std::reverse(ring.begin(), ring.end());
    index.Add(std::make_unique<S2LaxPolygonShape>(std::vector<std::vector<S2Point>>{ring}));
  }
  index.ForceBuild();
  std::fprintf(stderr, "S2: index of %s built in %.0f ms\n", dir.c_str(), since(start) / 1e6);

  std::vector<S2Point> places;
  for (size_t at = 0; at + 1 < points.size(); at += 2) places.push_back(point(points[at], points[at + 1]));
  const S2ContainsPointQueryOptions half_open(S2VertexModel::SEMI_OPEN);
  auto query = MakeS2ContainsPointQuery(&index, half_open);
  std::vector<int32_t> found(places.size(), -1);
  const auto ask = [&](const std::vector<uint32_t>& order) {
    const double start = worked();
    for (const uint32_t at : order) {
      query.VisitContainingShapes(places[at], [&](S2Shape* shape) {
        found[at] = shape->id();
        return false;
      });
    }
    return (worked() - start) / static_cast<double>(order.size());
  };
  std::vector<uint32_t> order(places.size());
  std::iota(order.begin(), order.end(), 0);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end(), [&](uint32_t a, uint32_t b) { return S2CellId(places[a]) < S2CellId(places[b]); });
  for (std::string line; std::getline(std::cin, line);) {
    std::printf("S2 ShapeIndex, half-open, random %.1f\n", ask(order));
    std::printf("S2 ShapeIndex, half-open, sorted by cell (best) %.1f\n\n", ask(sorted));
    std::fflush(stdout);
  }
  std::ofstream(dir + "/s2.bin", std::ios::binary).write(reinterpret_cast<const char*>(found.data()), found.size() * 4);
}

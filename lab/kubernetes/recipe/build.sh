#!/usr/bin/env bash
# Builds kube-apiserver and kube-controller-manager from the source package, inside the build's own root file system.
# Arguments: upstream version (1.20.2). Leaves the programs, and etcd, in /out.
set -euo pipefail

version=$1
programs=(kube-apiserver kube-controller-manager)
work=/build
tree=$work/src/k8s.io/kubernetes

export PATH=/usr/lib/go-1.19/bin:$PATH HOME=/root
export GOPATH=$work GO111MODULE=off GOPROXY=off GOFLAGS=-trimpath CGO_ENABLED=0 GOCACHE=$work/cache

step() { echo "I: $*"; }

step "fetching the source package"
mkdir -p "$work/src/k8s.io" "$work/source" /out
sed -nE 's/^deb( |$)/deb-src\1/p' /etc/apt/sources.list >/etc/apt/sources.list.d/source.list
apt-get update --quiet --quiet
cd "$work/source"
apt-get source --quiet --quiet --download-only kubernetes
offered=$(sed -nE 's/^Version: ([0-9.]+\+really)?([0-9.]+)-.*/\2/p' kubernetes_*.dsc)
if [ "$offered" != "$version" ]; then
  echo "the distribution's source package is Kubernetes $offered, expected $version;" \
    "change VERSION in lab/kubernetes/build.py" >&2
  exit 1
fi
step "unpacking the source package"
dpkg-source --no-check --extract kubernetes_*.dsc "$tree" >/dev/null

cd "$tree"
# the vendored reflect2 does not know the maps of this Go: the server would crash on the first custom resource
rm -rf vendor/github.com/modern-go/reflect2
cp -rL /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/reflect2

step "generating the OpenAPI definitions"
go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
packages=$(grep --recursive --dereference-recursive --files-with-matches --include='*.go' \
  --exclude-dir=_output --exclude-dir=test '+k8s:openapi-gen=' pkg vendor/k8s.io |
  xargs -n1 dirname | sort -u | sed -E 's#^vendor/##; s#^pkg#k8s.io/kubernetes/pkg#' | paste -sd,)
"$work/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt \
  --input-dirs "$packages" --output-package k8s.io/kubernetes/pkg/generated/openapi \
  --output-file-base zz_generated.openapi --output-base "$work/src" --report-filename /dev/null

flags="-s -w"
for owner in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  owner=k8s.io/kubernetes/vendor/$owner
  flags+=" -X $owner.gitVersion=v$version -X $owner.gitMajor=${version%%.*}"
  flags+=" -X $owner.gitMinor=$(cut -d. -f2 <<<"$version") -X $owner.gitTreeState=clean"
done
targets=("${programs[@]/#/k8s.io/kubernetes/cmd/}")
total=$(go list -tags providerless -deps "${targets[@]}" | wc -l)
step "compiling $total packages"
go build -v -tags providerless -ldflags "$flags" -o /out/ "${targets[@]}" 2>&1
cp "$(command -v etcd)" /out/etcd
"/out/kube-apiserver" --version

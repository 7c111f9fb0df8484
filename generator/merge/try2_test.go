package merge
import ("testing";"os";"fmt";"time";"path/filepath";"runtime"
"github.com/seed-1954497d/auditgen/generator/claim"
"github.com/seed-1954497d/auditgen/generator/source"
"github.com/seed-1954497d/auditgen/generator/openapi"
"github.com/seed-1954497d/auditgen/generator/refdoc")
func TestJira(t *testing.T){
  b,_:=os.ReadFile("/work/shared/specs/jira-platform-2022-01-13.openapi.json")
  s:=time.Now()
  d,err:=openapi.Parse(source.File{Name:"jira.json",Data:b},&claim.Source{File:"jira.json",Kind:claim.OpenAPI}); if err!=nil {t.Fatal(err)}
  fmt.Println("parse",time.Since(s)); s=time.Now()
  o,err:=Settle(Input{Docs:[]*claim.Document{d}}); if err!=nil {t.Fatal(err)}
  fmt.Println("settle",time.Since(s),len(o.Facts),len(o.Gaps),len(o.Notes)); s=time.Now()
  for i,n:=range o.Notes {if i<10 {fmt.Println(n)}}
  for i,n:=range o.Gaps {if i<10 {fmt.Println(n)}}
  y,_:=o.YAML(); fmt.Println("yaml",time.Since(s),len(y)); s=time.Now()
  fmt.Println("findings",o.Findings(),time.Since(s))
  var m runtime.MemStats; runtime.ReadMemStats(&m); fmt.Println(m.Sys>>20)
}
func TestCases(t *testing.T){
 fs,_:=filepath.Glob("../../golden/*/input/*")
 for _,f:=range fs { b,_:=os.ReadFile(f); src:=&claim.Source{File:filepath.Base(f)}
  if filepath.Base(f)=="overlay.yaml" {continue}
  var d *claim.Document; var err error
  if filepath.Ext(f)==".yaml" {src.Kind=claim.OpenAPI; d,err=openapi.Parse(source.File{Name:filepath.Base(f),Data:b},src)} else {src.Kind=claim.Reference; d,err=refdoc.Parse(source.File{Name:filepath.Base(f),Data:b},src)}
  if err!=nil {t.Error(f,err);continue}
  o,err:=Settle(Input{Docs:[]*claim.Document{d}}); if err!=nil {t.Error(f,err);continue}
  y,_:=o.YAML()
  fmt.Println("=====",f,o.Findings(),o.Notes,o.Gaps); if os.Getenv("V")!="" {fmt.Println(string(y))}
 }
}
